-- How many fans there are, of how many it is known whether they follow, and how many were ever active.
-- Sides: social.
SELECT
    COUNT(*) AS fans,
    SUM(CASE WHEN followed_day IS NOT NULL OR unfollowed_day IS NOT NULL THEN 1 ELSE 0 END) AS follow,
    SUM(CASE WHEN last_day IS NOT NULL THEN 1 ELSE 0 END) AS active
FROM social.fan
