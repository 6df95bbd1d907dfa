-- What was done with product content and with other content on each platform.
-- Sides: social.
SELECT
    p.platform,
    c.promotes_product,
    p.kind,
    CAST(SUM(p.n) AS BIGINT) AS n
FROM social.content_platform AS p
JOIN social.content AS c ON c.content = p.content
GROUP BY p.platform, c.promotes_product, p.kind
ORDER BY p.platform, c.promotes_product, p.kind
