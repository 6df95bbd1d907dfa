-- The ties from the fans offered as wanted(fan). Sides: social. Offered: wanted.
SELECT t.influencer, t.influenced, t.probability
FROM social.tie AS t
JOIN wanted AS w ON w.fan = t.influencer
ORDER BY t.influencer, t.influenced
