-- When one in $every of the fans whom somebody was seen to move first did something with each content that names nobody.
-- Sides: social.
SELECT e.fan, e.content, MIN(e.happened_at) AS did_at
FROM social.engagement AS e
WHERE e.through IS NULL AND e.kind IN ('viewed', 'clicked', 'liked', 'commented') AND e.content IS NOT NULL
    AND e.happened_at <= $until AND MOD(e.fan, $every) = 0
    AND EXISTS (SELECT 1 FROM social.tie AS t WHERE t.influenced = e.fan)
GROUP BY e.fan, e.content
ORDER BY e.fan, e.content
