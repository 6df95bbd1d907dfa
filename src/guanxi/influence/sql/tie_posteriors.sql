-- Every tie with its chance and the ends of its 90 % interval. Sides: social.
SELECT influencer, influenced, probability, low, high FROM social.tie ORDER BY influencer, influenced
