-- What was done with each content on each platform, how often and by how many named fans.
-- Sides: social.
WITH each_fan AS (
    SELECT content, platform, kind, fan, COUNT(*) AS n
    FROM social.engagement
    WHERE content IS NOT NULL AND happened_at <= $until
    GROUP BY content, platform, kind, fan
)
SELECT content, platform, kind, SUM(n) AS n, COUNT(fan) AS fans
FROM each_fan
GROUP BY content, platform, kind
ORDER BY content, platform, kind
