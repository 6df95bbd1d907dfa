-- The fans who stopped following. Sides: social.
SELECT fan FROM social.fan WHERE unfollowed_day IS NOT NULL ORDER BY fan
