-- The band of every fan and the community of those who have one. Sides: social.
SELECT w.fan, w.band, c.community
FROM social.weight AS w
LEFT JOIN social.community AS c ON c.fan = w.fan
ORDER BY w.fan
