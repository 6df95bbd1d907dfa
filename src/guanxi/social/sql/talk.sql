-- Every message that a fan wrote to the brand itself, not into a group, whenever it was written; days one after another,
-- so that the latest are found without reading the others. Sides: social.
SELECT e.id, e.fan, e.platform, e.happened_at, e.day
FROM social.engagement AS e
WHERE e.kind = 'messaged' AND e.fan IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM social.group_talk AS g
        WHERE g.fan = e.fan AND g.happened_at = e.happened_at AND g.kind = 'messaged'
    )
ORDER BY e.day, e.id
