-- The fans who share a tie with $fan, either way. Sides: social.
SELECT influenced AS fan FROM social.tie WHERE influencer = $fan
UNION
SELECT influencer AS fan FROM social.tie WHERE influenced = $fan
ORDER BY fan
