-- What each source says about each customer, and which word to go by: the surest, then the latest.
-- Sides: customers. Offered: read_fact (facts of records just read), changed_customer (whose mirror is old).
WITH ranked AS (
    SELECT
        customer,
        name,
        value,
        source,
        confidence,
        ROW_NUMBER() OVER (
            PARTITION BY customer, name
            ORDER BY confidence DESC, stated_at DESC, value DESC, source DESC
        ) AS place
    FROM read_fact
),
fact AS (
    SELECT customer, name, value, source, confidence, place = 1 AS best
    FROM ranked
    UNION ALL
    SELECT m.customer, m.name, m.value, m.source, m.confidence, m.best
    FROM customers.customer_fact AS m
    LEFT JOIN changed_customer AS c ON c.customer = m.customer
    WHERE c.customer IS NULL AND NOT $whole
)
SELECT customer, name, value, source, confidence, best
FROM fact
ORDER BY customer, name, source
