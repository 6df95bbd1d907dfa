-- How many fans are in each band, and what they move. Sides: social.
SELECT band, COUNT(*) AS fans, CAST(SUM(direct) AS BIGINT) AS direct
FROM social.weight
GROUP BY band
ORDER BY band
