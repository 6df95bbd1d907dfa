-- What $influenced took up within $within after $influencer shared it, with no mark of whose share it was, and by how many
-- of those who move them it was shared in that time before: each of these has an equal part of the credit. Sides: social.
WITH did AS (
    SELECT
        content,
        MIN(CASE WHEN through IS NULL AND kind IN ('viewed', 'clicked', 'liked', 'commented') THEN happened_at END)
            AS did_at,
        MAX(CASE WHEN through IS NOT NULL OR kind IN ('shared', 'reshared') THEN 1 ELSE 0 END) AS named
    FROM social.engagement
    WHERE fan = $influenced AND content IS NOT NULL
    GROUP BY content
),
parent AS (
    SELECT s.fan AS influencer, d.content, d.did_at, MAX(s.happened_at) AS shared_at
    FROM did AS d
    JOIN social.engagement AS s ON s.content = d.content
    JOIN social.tie AS t ON t.influencer = s.fan AND t.influenced = $influenced
    WHERE d.named = 0 AND s.kind IN ('shared', 'reshared')
        AND s.happened_at < d.did_at AND s.happened_at >= d.did_at - $within
    GROUP BY s.fan, d.content, d.did_at
)
SELECT p.content, p.did_at, p.shared_at, n.parents
FROM parent AS p
JOIN (SELECT content, COUNT(*) AS parents FROM parent GROUP BY content) AS n ON n.content = p.content
WHERE p.influencer = $influencer
ORDER BY p.did_at DESC, p.content
