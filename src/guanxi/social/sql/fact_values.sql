-- Of how many fans a profile fact has which value; unknown (null) is a value of its own, and the last row.
-- Sides: social.
SELECT value, COUNT(*) AS fans
FROM social.fan_fact
WHERE best AND name = $fact
GROUP BY value
UNION ALL
SELECT CAST(NULL AS VARCHAR) AS value, COUNT(*) AS fans
FROM social.fan AS f
LEFT JOIN social.fan_fact AS t ON t.fan = f.fan AND t.best AND t.name = $fact
WHERE t.fan IS NULL
