-- Weight, band and community of the fans offered as wanted(fan), by fan; nulls for who has none. Sides: social.
-- Offered: wanted.
SELECT x.fan, w.weight, w.band, c.community
FROM wanted AS x
LEFT JOIN social.weight AS w ON w.fan = x.fan
LEFT JOIN social.community AS c ON c.fan = x.fan
ORDER BY x.fan
