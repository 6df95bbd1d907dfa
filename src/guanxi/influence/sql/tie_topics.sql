-- By topic of content, on how many occasions $influencer moved $influenced, and how many they gave. Sides: social.
WITH move AS (
    SELECT content, COUNT(reference) AS tokens
    FROM social.tie_move
    WHERE influencer = $influencer AND influenced = $influenced AND content IS NOT NULL
    GROUP BY content
),
giving AS (
    SELECT content, COUNT(reference) AS tokens
    FROM social.tie_giving
    WHERE influencer = $influencer AND content IS NOT NULL
    GROUP BY content
)
SELECT
    c.topic, CAST(SUM(CASE WHEN m.content IS NULL THEN 0 ELSE GREATEST(m.tokens, 1) END) AS BIGINT) AS successes,
    CAST(SUM(GREATEST(g.tokens, 1)) AS BIGINT) AS opportunities
FROM giving AS g
JOIN social.content AS c ON c.content = g.content
LEFT JOIN move AS m ON m.content = g.content
WHERE c.topic IS NOT NULL
GROUP BY c.topic
ORDER BY opportunities DESC, c.topic
