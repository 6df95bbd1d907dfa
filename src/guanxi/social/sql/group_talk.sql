-- How much was said in each chat group since a day, by how many fans, and when last.
-- Sides: social.
SELECT
    chat_group,
    COUNT(*) AS said,
    COUNT(DISTINCT fan) AS speakers,
    MAX(day) AS last_day
FROM social.group_talk
WHERE day >= $from_day
GROUP BY chat_group
