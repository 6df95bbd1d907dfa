-- Since when the brand could see each of the fans of whom one in $every is asked. Sides: social.
SELECT fan, COALESCE(followed_day, first_day) AS since
FROM social.fan
WHERE MOD(fan, $every) = 0
ORDER BY fan
