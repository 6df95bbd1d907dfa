-- Of what is done because somebody passed it on, how much names that somebody, up to $until. Sides: social.
SELECT
    COUNT(*) AS engagements,
    COUNT(*) FILTER (WHERE kind IN ('opened', 'reshared', 'replied', 'mentioned')) AS passed_on,
    COUNT(*) FILTER (
        WHERE kind IN ('opened', 'reshared', 'replied', 'mentioned') AND through IS NOT NULL
    ) AS named
FROM social.engagement
WHERE happened_at <= $until
