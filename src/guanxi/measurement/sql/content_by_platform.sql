-- What people did with each piece of content on each platform: read, liked, talked, passed on; most passed on first.
-- Sides: social.
WITH sums AS (
    SELECT
        content,
        platform,
        SUM(CASE WHEN kind IN ('viewed', 'clicked') THEN n ELSE 0 END) AS reads,
        SUM(CASE WHEN kind = 'liked' THEN n ELSE 0 END) AS likes,
        SUM(CASE WHEN kind IN ('commented', 'replied', 'mentioned') THEN n ELSE 0 END) AS replies,
        SUM(CASE WHEN kind IN ('shared', 'reshared') THEN n ELSE 0 END) AS shares,
        SUM(CASE WHEN kind = 'opened' THEN n ELSE 0 END) AS opens,
        MAX(fans) AS fans
    FROM social.content_platform
    GROUP BY content, platform
)
SELECT
    s.content,
    s.platform,
    c.topic,
    c.kind,
    c.promotes_product,
    c.published_day,
    s.reads,
    s.likes,
    s.replies,
    s.shares,
    s.opens,
    s.fans
FROM sums AS s
LEFT JOIN social.content AS c ON c.content = s.content
ORDER BY s.shares DESC, s.opens DESC, s.content, s.platform
LIMIT $rows
