-- Everybody who scored in a month, with both scores.
-- Sides: social.
SELECT fan, daily, campaign
FROM social.score
WHERE month = $month
