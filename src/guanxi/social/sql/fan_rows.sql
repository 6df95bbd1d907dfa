-- The fans offered, as lists show them.
-- Sides: social. Offered: wanted_fan.
SELECT f.fan, f.account, f.platform, f.followed_day, f.unfollowed_day, f.first_day, f.last_day
FROM social.fan AS f
JOIN wanted_fan AS w ON w.fan = f.fan
