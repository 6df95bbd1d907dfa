-- The scores of some fans in every month.
-- Sides: social. Offered: wanted_fan.
SELECT s.fan, s.month, s.daily, s.campaign
FROM social.score AS s
JOIN wanted_fan AS w ON w.fan = s.fan
ORDER BY s.fan, s.month DESC
