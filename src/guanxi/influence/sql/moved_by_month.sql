-- Month by month from $from_day on, how many people $fan moved, and how many for the first time; the screened count nowhere.
-- Sides: social.
WITH move AS (
    SELECT influenced, first_day, CAST(DATE_TRUNC('month', first_day) AS DATE) AS month
    FROM social.tie_move AS m
    WHERE m.influencer = $fan AND NOT EXISTS (SELECT 1 FROM social.screened AS x WHERE x.fan = m.influenced)
),
begun AS (
    SELECT influenced, MIN(month) AS month FROM move GROUP BY influenced
)
SELECT m.month, COUNT(DISTINCT m.influenced) AS people,
    COUNT(DISTINCT CASE WHEN b.month = m.month THEN m.influenced END) AS fresh
FROM move AS m
JOIN begun AS b ON b.influenced = m.influenced
WHERE m.month >= $from_day
GROUP BY m.month
ORDER BY m.month
