-- By influencer whose occasions are counted: how often they moved anybody, each person and occasion once, and on how many
-- occasions; nobody screened on either side. Sides: social.
SELECT
    t.influencer, CAST(SUM(t.successes) AS BIGINT) AS successes, MAX(t.opportunities) AS opportunities
FROM social.tie AS t
WHERE t.opportunities > 0
    AND NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = t.influencer)
    AND NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = t.influenced)
GROUP BY t.influencer
ORDER BY t.influencer
