-- The weights of those who moved at least $people people, month by month from $from_day on: kept ones of fans there still
-- are, and those of the month of $today. Sides: social.
SELECT m.fan, m.month, m.weight
FROM social.weight_month AS m
JOIN social.fan AS f ON f.fan = m.fan
WHERE m.month >= $from_day AND m.month < $today
UNION ALL
SELECT fan, CAST($today AS DATE) AS month, weight
FROM social.weight
WHERE direct >= $people
ORDER BY fan, month
