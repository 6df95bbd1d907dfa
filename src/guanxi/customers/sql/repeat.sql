-- How many customers came back on a later day, by how many days after the first; null: not yet.
-- Sides: customers.
SELECT second_order_days AS days, COUNT(*) AS customers
FROM customers.rfm
GROUP BY second_order_days
ORDER BY second_order_days
