-- Recency, frequency and money of every customer who ever ordered, with quintiles 1 (low) to 5 (high), ties by id.
-- An order is all rows of one account and reference; one refunded in full does not count for frequency.
-- The second order is the first one on a later day.
-- Sides: customers.
WITH line AS (
    SELECT
        customer,
        kind,
        amount,
        day,
        CASE
            WHEN reference IS NULL THEN CONCAT('#', CAST(id AS VARCHAR))
            ELSE CONCAT(CAST(account AS VARCHAR), '/', reference)
        END AS order_key
    FROM customers.orders
    WHERE customer IS NOT NULL AND happened_at <= $until
),
purchase AS (
    SELECT
        customer,
        order_key,
        MIN(CASE WHEN kind = 'ordered' THEN day END) AS day,
        SUM(amount) AS net,
        SUM(CASE WHEN kind = 'refunded' THEN 1 ELSE 0 END) AS refunds
    FROM line
    GROUP BY customer, order_key
),
placed AS (
    SELECT customer, day, DENSE_RANK() OVER (PARTITION BY customer ORDER BY day) AS visit
    FROM purchase
    WHERE day IS NOT NULL
),
return_visit AS (
    SELECT customer, MIN(day) AS second_day
    FROM placed
    WHERE visit = 2
    GROUP BY customer
),
worth AS (
    SELECT
        customer,
        COUNT(day) AS orders,
        SUM(CASE WHEN day IS NOT NULL AND (refunds = 0 OR net > 0) THEN 1 ELSE 0 END) AS frequency,
        SUM(net) AS monetary,
        MIN(day) AS first_day,
        MAX(day) AS last_day
    FROM purchase
    GROUP BY customer
)
SELECT
    w.customer,
    DATE_DIFF('day', w.last_day, CAST($today AS DATE)) AS recency_days,
    w.frequency,
    w.monetary,
    NTILE(5) OVER (ORDER BY w.last_day, w.customer) AS r,
    NTILE(5) OVER (ORDER BY w.frequency, w.customer) AS f,
    NTILE(5) OVER (ORDER BY w.monetary, w.customer) AS m,
    w.orders,
    w.first_day,
    w.last_day,
    DATE_DIFF('day', w.first_day, v.second_day) AS second_order_days
FROM worth AS w
LEFT JOIN return_visit AS v ON v.customer = w.customer
WHERE w.orders > 0
ORDER BY w.customer
