-- Every fan with whether they did more than look since $since, and the band they had. Sides: social.
WITH active AS (
    SELECT fan
    FROM social.activity
    WHERE month >= $since AND kind NOT IN ('viewed', 'clicked', 'followed', 'unfollowed', 'identified') AND n > 0
    GROUP BY fan
)
SELECT f.fan, f.platform, a.fan IS NOT NULL AS acted, w.band
FROM social.fan AS f
LEFT JOIN active AS a ON a.fan = f.fan
LEFT JOIN social.weight AS w ON w.fan = f.fan
ORDER BY f.fan
