-- How many fans there are, of how many it is known whether they follow, and how many were ever active.
-- Sides: social.
SELECT
    COUNT(*) AS fans,
    CAST(SUM(CASE WHEN followed_day IS NOT NULL OR unfollowed_day IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS follow,
    CAST(SUM(CASE WHEN last_day IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS active
FROM social.fan
