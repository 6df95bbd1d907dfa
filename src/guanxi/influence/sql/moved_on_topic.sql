-- By influencer who gave anything on $topic: on how many occasions they moved somebody who is not screened, and how many they
-- gave, on it and on contents of any known topic. Sides: social.
WITH topic AS (
    SELECT content, CASE WHEN topic = $topic THEN 1 ELSE 0 END AS here
    FROM social.content
    WHERE topic IS NOT NULL
),
given AS (
    SELECT g.influencer, SUM(t.here) AS given_on, COUNT(*) AS given
    FROM social.tie_giving AS g
    JOIN topic AS t ON t.content = g.content
    GROUP BY g.influencer
    HAVING SUM(t.here) > 0
),
moved AS (
    SELECT m.influencer, SUM(t.here) AS moved_on, COUNT(*) AS moved
    FROM social.tie_move AS m
    JOIN topic AS t ON t.content = m.content
    WHERE NOT EXISTS (SELECT 1 FROM social.screened AS x WHERE x.fan = m.influenced)
    GROUP BY m.influencer
)
SELECT
    g.influencer, CAST(m.moved_on AS BIGINT) AS moved_on, CAST(m.moved AS BIGINT) AS moved,
    CAST(g.given_on AS BIGINT) AS given_on, CAST(g.given AS BIGINT) AS given
FROM given AS g
JOIN moved AS m ON m.influencer = g.influencer
ORDER BY g.influencer
