-- Of how many customers each profile fact is known.
-- Sides: customers.
SELECT name AS what, COUNT(*) AS seen
FROM customers.customer_fact
WHERE best
GROUP BY name
ORDER BY seen DESC, name
