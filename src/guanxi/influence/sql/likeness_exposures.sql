-- For one in $every of the fans whom somebody was seen to move: the contents that those who move them shared, when first,
-- and when the fan first did something with it that names nobody. Whoever opened or shared it is marked. $turned asks the
-- same of ties turned round: of fans who were seen to move somebody, and what those whom they move shared.
-- No tie from or to the screened counts. Sides: social.
WITH counting AS (
    SELECT t.influencer, t.influenced
    FROM social.tie AS t
    WHERE NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = t.influencer)
        AND NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = t.influenced)
),
shared AS (
    SELECT fan, content, MIN(happened_at) AS shared_at
    FROM social.engagement
    WHERE kind IN ('shared', 'reshared') AND fan IS NOT NULL AND content IS NOT NULL AND happened_at <= $until
    GROUP BY fan, content
),
listening AS (
    SELECT
        CASE WHEN $turned THEN influencer ELSE influenced END AS fan,
        CASE WHEN $turned THEN influenced ELSE influencer END AS heard
    FROM counting
),
exposed AS (
    SELECT t.fan, s.content, MIN(s.shared_at) AS shared_at
    FROM listening AS t
    JOIN shared AS s ON s.fan = t.heard
    WHERE MOD(t.fan, $every) = 0
    GROUP BY t.fan, s.content
),
did AS (
    SELECT
        fan, content,
        MIN(CASE WHEN through IS NULL AND kind IN ('viewed', 'clicked', 'liked', 'commented') THEN happened_at END)
            AS did_at,
        MAX(CASE WHEN through IS NOT NULL OR kind IN ('shared', 'reshared') THEN 1 ELSE 0 END) AS named
    FROM social.engagement
    WHERE fan IS NOT NULL AND content IS NOT NULL AND happened_at <= $until
    GROUP BY fan, content
)
SELECT e.fan, e.content, e.shared_at, d.did_at, COALESCE(d.named, 0) AS named
FROM exposed AS e
LEFT JOIN did AS d ON d.fan = e.fan AND d.content = e.content
ORDER BY e.fan, e.content
