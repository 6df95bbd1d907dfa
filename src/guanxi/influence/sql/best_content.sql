-- The $rows contents through which $fan moved most people; the screened count nowhere. Sides: social.
SELECT m.content, c.topic, COUNT(DISTINCT m.influenced) AS people, MAX(m.first_day) AS last_day
FROM social.tie_move AS m
LEFT JOIN social.content AS c ON c.content = m.content
WHERE m.influencer = $fan AND m.content IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM social.screened AS x WHERE x.fan = m.influenced)
GROUP BY m.content, c.topic
ORDER BY people DESC, last_day DESC, m.content
LIMIT $rows
