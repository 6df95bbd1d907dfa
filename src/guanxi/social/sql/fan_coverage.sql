-- Of how many fans each profile fact is known.
-- Sides: social.
SELECT name AS what, COUNT(*) AS seen
FROM social.fan_fact
WHERE best
GROUP BY name
ORDER BY seen DESC, name
