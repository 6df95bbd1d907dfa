-- Every content of a filter with what was done with it, over all platforms.
-- Sides: social.
WITH done AS (
    SELECT
        content,
        CAST(SUM(n) AS BIGINT) AS n,
        CAST(SUM(CASE WHEN kind IN ('viewed', 'clicked') THEN n ELSE 0 END) AS BIGINT) AS reads,
        CAST(SUM(CASE WHEN kind IN ('shared', 'reshared') THEN n ELSE 0 END) AS BIGINT) AS shares,
        CAST(SUM(CASE WHEN kind = 'opened' THEN n ELSE 0 END) AS BIGINT) AS openings,
        CAST(SUM(moved) AS BIGINT) AS moved
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
    COALESCE(d.reads, 0) AS reads,
    COALESCE(d.shares, 0) AS shares,
    COALESCE(d.openings, 0) AS openings,
    COALESCE(d.moved, 0) AS moved
FROM social.content AS c
LEFT JOIN done AS d ON d.content = c.content
WHERE
    ($platform = '' OR c.platform = $platform)
    AND ($topic = '' OR COALESCE(c.topic, '-') = $topic)
    AND ($kind = '' OR COALESCE(c.kind, '') = $kind)
    AND ($promotes = '' OR $promotes = CASE
        WHEN c.promotes_product THEN 'product'
        WHEN NOT c.promotes_product THEN 'other'
        ELSE 'unknown'
    END)
    AND ($from_day <= DATE '1970-01-01' OR c.published_day >= $from_day)
