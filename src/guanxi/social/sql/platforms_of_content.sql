-- What was done with one content on each platform, by group of activities; fans and moved once for each kind.
-- Sides: social.
SELECT
    platform,
    CAST(SUM(CASE WHEN kind IN ('viewed', 'clicked') THEN n ELSE 0 END) AS BIGINT) AS reads,
    CAST(SUM(CASE WHEN kind = 'liked' THEN n ELSE 0 END) AS BIGINT) AS likes,
    CAST(SUM(CASE WHEN kind IN ('commented', 'replied', 'mentioned') THEN n ELSE 0 END) AS BIGINT) AS talks,
    CAST(SUM(CASE WHEN kind IN ('shared', 'reshared') THEN n ELSE 0 END) AS BIGINT) AS shares,
    CAST(SUM(CASE WHEN kind = 'opened' THEN n ELSE 0 END) AS BIGINT) AS openings,
    CAST(SUM(moved) AS BIGINT) AS moved,
    CAST(SUM(n) AS BIGINT) AS n,
    CAST(SUM(named) AS BIGINT) AS named,
    MAX(fans) AS fans
FROM social.content_platform
WHERE content = $content
GROUP BY platform
ORDER BY platform
