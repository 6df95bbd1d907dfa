-- Where those live whom the fans offered as wanted(fan) move, and on which topics they moved them: people by fan and value,
-- and of how many of the fan's people anything of that sort is known. The screened are left out. Sides: social.
-- Offered: wanted.
WITH told AS (
    SELECT DISTINCT t.influencer AS fan, 'city' AS trait, f.value, t.influenced
    FROM social.tie AS t
    JOIN wanted AS w ON w.fan = t.influencer
    JOIN social.fan_fact AS f ON f.fan = t.influenced AND f.best AND f.name = 'city'
    UNION ALL
    SELECT DISTINCT m.influencer AS fan, 'topic' AS trait, c.topic AS value, m.influenced
    FROM social.tie_move AS m
    JOIN wanted AS w ON w.fan = m.influencer
    JOIN social.content AS c ON c.content = m.content
    WHERE c.topic IS NOT NULL
),
kept AS (
    SELECT t.fan, t.trait, t.value, t.influenced
    FROM told AS t
    WHERE t.influenced NOT IN (SELECT fan FROM social.screened)
),
known AS (
    SELECT fan, trait, COUNT(DISTINCT influenced) AS known FROM kept GROUP BY fan, trait
)
SELECT k.fan, k.trait, k.value, COUNT(*) AS people, n.known
FROM kept AS k
JOIN known AS n ON n.fan = k.fan AND n.trait = k.trait
GROUP BY k.fan, k.trait, k.value, n.known
ORDER BY k.fan, k.trait, k.value
