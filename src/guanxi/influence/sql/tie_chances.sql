-- Every tie with its chance. Sides: social.
SELECT influencer, influenced, probability FROM social.tie ORDER BY influencer, influenced
