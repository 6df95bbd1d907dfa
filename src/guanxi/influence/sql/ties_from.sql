-- The ties that count from the fans offered as wanted(fan): none from or to a screened fan. Sides: social. Offered: wanted.
SELECT t.influencer, t.influenced, t.probability
FROM social.tie AS t
JOIN wanted AS w ON w.fan = t.influencer
WHERE NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = t.influencer)
    AND NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = t.influenced)
ORDER BY t.influencer, t.influenced
