-- Every fan with how much they did, more than look, from the day $since on, and the band they had. Sides: social.
WITH active AS (
    SELECT fan, CAST(SUM(n) AS BIGINT) AS engagements
    FROM social.activity
    WHERE day >= $since AND kind NOT IN ('viewed', 'clicked', 'followed', 'unfollowed', 'identified') AND n > 0
    GROUP BY fan
)
SELECT f.fan, f.platform, COALESCE(a.engagements, 0) AS engagements, w.band
FROM social.fan AS f
LEFT JOIN active AS a ON a.fan = f.fan
LEFT JOIN social.weight AS w ON w.fan = f.fan
ORDER BY f.fan
