-- Every tie that counts, with its chance and the ends of its 90 % interval: none from or to a screened fan. Sides: social.
SELECT t.influencer, t.influenced, t.probability, t.low, t.high
FROM social.tie AS t
WHERE NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = t.influencer)
    AND NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = t.influenced)
ORDER BY t.influencer, t.influenced
