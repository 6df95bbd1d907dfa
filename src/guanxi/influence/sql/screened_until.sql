-- The screened fans who were seen to move somebody, or to be moved, by the end of $day. Sides: social.
SELECT s.fan
FROM social.tie_move AS o
JOIN social.screened AS s ON s.fan = o.influencer
WHERE o.first_day <= $day
UNION
SELECT s.fan
FROM social.tie_move AS o
JOIN social.screened AS s ON s.fan = o.influenced
WHERE o.first_day <= $day
ORDER BY fan
