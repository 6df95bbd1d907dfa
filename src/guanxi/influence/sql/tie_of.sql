-- The tie from $influencer to $influenced. Sides: social.
SELECT influencer, influenced, platform, successes, opportunities, first_day, last_day, probability, low, high
FROM social.tie
WHERE influencer = $influencer AND influenced = $influenced
ORDER BY influencer
