-- The months in which anything was scored.
-- Sides: social.
SELECT month, COUNT(*) AS fans
FROM social.score
GROUP BY month
ORDER BY month DESC
