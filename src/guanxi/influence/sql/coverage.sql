-- Of what is done because somebody passed it on, how much names that somebody, up to $until. Sides: social.
WITH counted AS (
    SELECT
        kind IN ('opened', 'reshared', 'replied', 'mentioned') AS is_passed,
        COUNT(*) AS n,
        COUNT(through) AS named
    FROM social.engagement
    WHERE happened_at <= $until
    GROUP BY kind
)
SELECT
    CAST(COALESCE(SUM(n), 0) AS BIGINT) AS engagements,
    CAST(COALESCE(SUM(n) FILTER (WHERE is_passed), 0) AS BIGINT) AS passed_on,
    CAST(COALESCE(SUM(named) FILTER (WHERE is_passed), 0) AS BIGINT) AS named
FROM counted
