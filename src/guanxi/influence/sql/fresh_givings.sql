-- The occasions offered as fresh_giving of which nothing earlier is kept, each with the day that is kept, if any.
-- Sides: social. Offered: fresh_giving.
SELECT f.influencer, f.content, f.reference, f.first_day, o.first_day AS kept_day
FROM fresh_giving AS f
LEFT JOIN social.tie_giving AS o
    ON o.influencer = f.influencer
    AND COALESCE(o.content, -1) = COALESCE(f.content, -1)
    AND COALESCE(o.reference, '') = COALESCE(f.reference, '')
WHERE o.first_day IS NULL OR f.first_day < o.first_day
ORDER BY f.influencer, f.content, f.reference
