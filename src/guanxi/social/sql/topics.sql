-- Every topic with how many contents it has; '-' stands for contents whose topic is not known.
-- Sides: social.
SELECT COALESCE(topic, '-') AS topic, COUNT(*) AS contents
FROM social.content
GROUP BY COALESCE(topic, '-')
ORDER BY contents DESC, topic
