-- The ties that were counted anew, and those of influencers of whom nothing new was told. Sides: social.
-- Offered: affected(influencer), tie_offered.
SELECT * FROM tie_offered
UNION ALL
SELECT * FROM social.tie AS t
WHERE NOT EXISTS (SELECT 1 FROM affected AS a WHERE a.influencer = t.influencer)
ORDER BY influencer, influenced
