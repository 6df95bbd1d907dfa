-- Every content with what was done with it, over all platforms.
-- Sides: social.
WITH done AS (
    SELECT
        content,
        CAST(SUM(n) AS BIGINT) AS n,
        CAST(SUM(CASE WHEN kind IN ('shared', 'reshared') THEN n ELSE 0 END) AS BIGINT) AS shares,
        CAST(SUM(CASE WHEN kind = 'opened' THEN n ELSE 0 END) AS BIGINT) AS openings
    FROM social.content_platform
    GROUP BY content
)
SELECT
    c.content,
    c.account,
    c.platform,
    c.kind,
    c.topic,
    c.promotes_product,
    c.published_day,
    COALESCE(d.n, 0) AS engagements,
    COALESCE(d.shares, 0) AS shares,
    COALESCE(d.openings, 0) AS openings
FROM social.content AS c
LEFT JOIN done AS d ON d.content = c.content
WHERE
    ($platform = '' OR c.platform = $platform)
    AND ($topic = '' OR c.topic = $topic)
    AND ($kind = '' OR c.kind = $kind)
