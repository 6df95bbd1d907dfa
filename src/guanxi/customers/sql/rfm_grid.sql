-- How many customers each cell of recency by frequency holds, and what they brought.
-- Sides: customers.
SELECT r, f, COUNT(*) AS customers, CAST(SUM(monetary) AS BIGINT) AS monetary
FROM customers.rfm
GROUP BY r, f
ORDER BY r, f
