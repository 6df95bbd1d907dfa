-- Contents published since $from_day on each platform by whether they promote a product, and engagements with them.
-- Sides: social.
WITH done AS (
    SELECT content, CAST(SUM(n) AS BIGINT) AS n
    FROM social.content_platform
    GROUP BY content
)
SELECT
    c.platform,
    c.promotes_product,
    COUNT(*) AS contents,
    CAST(SUM(COALESCE(d.n, 0)) AS BIGINT) AS engagements
FROM social.content AS c
LEFT JOIN done AS d ON d.content = c.content
WHERE c.published_day >= $from_day
GROUP BY c.platform, c.promotes_product
ORDER BY c.platform, c.promotes_product
