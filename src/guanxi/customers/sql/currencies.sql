-- In which currencies orders came, the most frequent first, and how much came from nobody known.
-- Sides: customers.
SELECT
    currency,
    COUNT(*) AS orders,
    CAST(SUM(CASE WHEN customer IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS named,
    CAST(SUM(amount) AS BIGINT) AS amount
FROM customers.orders
GROUP BY currency
ORDER BY orders DESC, currency
