-- What was done with each content on each platform: how often, by how many named fans, how many of them moved by
-- somebody's share. Sides: social.
WITH each_fan AS (
    SELECT
        content,
        platform,
        kind,
        fan,
        COUNT(*) AS n,
        MAX(CASE WHEN through IS NOT NULL AND through <> fan THEN 1 ELSE 0 END) AS moved
    FROM social.engagement
    WHERE content IS NOT NULL AND happened_at <= $until
    GROUP BY content, platform, kind, fan
)
SELECT
    content,
    platform,
    kind,
    SUM(n) AS n,
    SUM(CASE WHEN fan IS NULL THEN 0 ELSE n END) AS named,
    COUNT(fan) AS fans,
    SUM(CASE WHEN fan IS NULL THEN 0 ELSE moved END) AS moved
FROM each_fan
GROUP BY content, platform, kind
ORDER BY content, platform, kind
