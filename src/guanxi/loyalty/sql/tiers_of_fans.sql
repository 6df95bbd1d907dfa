-- The tier of each fan who has one, as a trait that people can be alike in. Sides: social, relationship.
SELECT f.fan, 'tier' AS trait, l.tier AS value
FROM social.fan AS f
JOIN relationship.loyalty AS l ON l.identity = f.fan * 2
WHERE l.tier IS NOT NULL
ORDER BY f.fan
