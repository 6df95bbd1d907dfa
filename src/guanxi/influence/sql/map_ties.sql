-- The $rows ties with most evidence, then the likeliest. Sides: social.
SELECT influencer, influenced, successes, probability
FROM social.tie
ORDER BY successes DESC, probability DESC, influencer, influenced
LIMIT $rows
