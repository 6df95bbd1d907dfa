-- What some fans did, and whom they moved, in the months from $first to $last.
-- Sides: social. Offered: wanted_fan.
SELECT a.fan, a.month, a.kind, a.n, a.moved
FROM social.activity AS a
JOIN wanted_fan AS w ON w.fan = a.fan
WHERE a.month BETWEEN $first AND $last
ORDER BY a.fan, a.month, a.kind
