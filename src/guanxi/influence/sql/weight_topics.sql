-- The topics on which anybody's shares were taken up often enough, the most moved by first. Sides: social.
SELECT value AS topic, CAST(SUM(moves) AS BIGINT) AS moves
FROM social.resonance
WHERE facet = 'topic'
GROUP BY value
ORDER BY moves DESC, topic
LIMIT $rows
