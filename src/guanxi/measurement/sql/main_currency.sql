-- The currency of most orders; of two alike, the first by name.
-- Sides: customers.
SELECT currency, COUNT(*) AS orders
FROM customers.orders
GROUP BY currency
ORDER BY orders DESC, currency
LIMIT 1
