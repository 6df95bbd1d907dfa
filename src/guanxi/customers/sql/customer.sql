-- Every customer with account and the day of the first order.
-- Sides: customers. Offered: read_customer (records just read), changed_customer (whose mirror is old).
WITH record AS (
    SELECT customer, account
    FROM read_customer
    UNION ALL
    SELECT m.customer, m.account
    FROM customers.customer AS m
    LEFT JOIN changed_customer AS c ON c.customer = m.customer
    WHERE c.customer IS NULL AND NOT $whole
),
bought AS (
    SELECT customer, MIN(day) AS first_day
    FROM customers.orders
    WHERE kind = 'ordered' AND happened_at <= $until
    GROUP BY customer
)
SELECT r.customer, r.account, b.first_day
FROM record AS r
LEFT JOIN bought AS b ON b.customer = r.customer
ORDER BY r.customer
