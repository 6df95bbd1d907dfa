-- How many engagements there were on each day before $today. Sides: social.
SELECT day, COUNT(*) AS engagements
FROM social.engagement
WHERE day < $today
GROUP BY day
ORDER BY day
