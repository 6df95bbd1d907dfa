-- Who moved whom and when, up to $until; not what came from or to a screened fan. Sides: social.
SELECT e.through AS influencer, e.fan AS influenced, e.happened_at
FROM social.engagement AS e
WHERE e.kind IN ('opened', 'reshared', 'replied', 'mentioned')
    AND e.fan IS NOT NULL AND e.through IS NOT NULL AND e.through <> e.fan AND e.happened_at <= $until
    AND NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = e.through)
    AND NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = e.fan)
ORDER BY e.happened_at, e.id
