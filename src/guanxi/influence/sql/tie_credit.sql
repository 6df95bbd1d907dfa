-- What $influenced took up within $within after $influencer shared it, with no mark of whose share it was, and when each of
-- those who move them had shared it in that time before: these share the credit. Sides: social.
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
SELECT p.content, p.influencer, p.did_at, p.shared_at
FROM parent AS p
WHERE EXISTS (SELECT 1 FROM parent AS own WHERE own.content = p.content AND own.influencer = $influencer)
ORDER BY p.content, p.influencer
