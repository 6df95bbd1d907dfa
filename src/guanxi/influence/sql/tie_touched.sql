-- The pairs that touched_pair names, and all ties of the influencers that affected names. Sides: social.
-- Offered: affected(influencer), touched_pair(influencer, influenced).
SELECT influencer, influenced FROM touched_pair
UNION
SELECT t.influencer, t.influenced
FROM social.tie AS t
JOIN affected AS a ON a.influencer = t.influencer
