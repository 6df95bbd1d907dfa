-- The occasions offered as fresh_move of which nothing earlier is kept, each with the day that is kept, if any.
-- Sides: social. Offered: fresh_move.
SELECT f.influencer, f.influenced, f.platform, f.content, f.reference, f.alone, f.first_day, o.first_day AS kept_day
FROM fresh_move AS f
LEFT JOIN social.tie_move AS o
    ON o.influencer = f.influencer AND o.influenced = f.influenced
    AND COALESCE(o.content, -1) = COALESCE(f.content, -1)
    AND COALESCE(o.reference, '') = COALESCE(f.reference, '')
    AND COALESCE(o.alone, -1) = COALESCE(f.alone, -1)
WHERE o.first_day IS NULL OR f.first_day < o.first_day
ORDER BY f.influencer, f.influenced, f.content, f.reference, f.alone
