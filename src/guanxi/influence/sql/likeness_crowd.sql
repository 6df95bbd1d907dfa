-- How many fans whom nobody was ever seen to move first did something with each content, by day. The screened neither move
-- anybody nor are of these fans. Sides: social.
WITH counting AS (
    SELECT t.influencer, t.influenced
    FROM social.tie AS t
    WHERE NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = t.influencer)
        AND NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = t.influenced)
),
first_done AS (
    SELECT e.fan, e.content, MIN(e.day) AS day
    FROM social.engagement AS e
    WHERE e.through IS NULL AND e.kind IN ('viewed', 'clicked', 'liked', 'commented') AND e.content IS NOT NULL
        AND e.fan IS NOT NULL AND e.happened_at <= $until
        AND NOT EXISTS (SELECT 1 FROM counting AS t WHERE t.influenced = e.fan)
        AND NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = e.fan)
    GROUP BY e.fan, e.content
)
SELECT content, day, COUNT(*) AS fans
FROM first_done
GROUP BY content, day
ORDER BY content, day
