-- Of the fans offered as wanted(fan), the $rows who move most people. Sides: social. Offered: wanted.
SELECT x.fan, x.platform, x.weight, x.direct, x.second, x.band
FROM social.weight AS x
JOIN wanted AS w ON w.fan = x.fan
WHERE x.weight > 0
ORDER BY x.weight DESC, x.fan
LIMIT $rows
