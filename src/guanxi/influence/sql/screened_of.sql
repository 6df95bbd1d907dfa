-- The screened among the fans offered as wanted(fan), with the evidence. Sides: social. Offered: wanted.
SELECT s.fan, s.people, s.mutual, s.idle, s.timed, s.soon, s.signs
FROM social.screened AS s
JOIN wanted AS w ON w.fan = s.fan
ORDER BY s.fan
