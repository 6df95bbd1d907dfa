-- Ties turned round, for one in $every of the fans who were seen to move somebody: the contents that those whom they move
-- shared, when first, and when the fan first did something with it that names nobody. Whoever opened or shared it is marked.
-- Sides: social.
WITH shared AS (
    SELECT fan AS influenced, content, MIN(happened_at) AS shared_at
    FROM social.engagement
    WHERE kind IN ('shared', 'reshared') AND fan IS NOT NULL AND content IS NOT NULL AND happened_at <= $until
    GROUP BY fan, content
),
exposed AS (
    SELECT t.influencer AS fan, s.content, MIN(s.shared_at) AS shared_at
    FROM social.tie AS t
    JOIN shared AS s ON s.influenced = t.influenced
    WHERE MOD(t.influencer, $every) = 0
    GROUP BY t.influencer, s.content
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
