-- Who said how much in one chat group since a day, and when last.
-- Sides: social.
SELECT fan, COUNT(*) AS said, MAX(day) AS last_day
FROM social.group_talk
WHERE chat_group = $chat_group AND day >= $from_day AND fan IS NOT NULL
GROUP BY fan
