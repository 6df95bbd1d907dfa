-- What is known of each fan that people can be alike in: city, language, taste, band. Sides: social.
SELECT fan, name AS trait, value
FROM social.fan_fact
WHERE best AND name IN ('city', 'language')
UNION ALL
SELECT fan, 'taste' AS trait, topic AS value FROM social.taste
UNION ALL
SELECT fan, 'band' AS trait, band AS value FROM social.weight
