-- What the best so many percent bring: net revenue of customers in each currency, people moved directly by fans.
-- Sides: social, customers. Customers whose refunds exceed their orders bring nothing rather than less.
WITH revenue AS (
    SELECT currency, customer, CASE WHEN SUM(amount) > 0 THEN SUM(amount) ELSE 0 END AS amount
    FROM customers.orders
    WHERE happened_at <= $until
    GROUP BY currency, customer
),
moved AS (
    SELECT fan, SUM(direct) AS amount
    FROM social.weight
    GROUP BY fan
),
people AS (
    SELECT 'revenue' AS curve, currency, customer AS unit, amount FROM revenue
    UNION ALL
    SELECT 'reach' AS curve, '' AS currency, f.fan AS unit, COALESCE(m.amount, 0) AS amount
    FROM social.fan AS f
    LEFT JOIN moved AS m ON m.fan = f.fan
),
ranked AS (
    SELECT
        curve,
        currency,
        amount,
        ROW_NUMBER() OVER (PARTITION BY curve, currency ORDER BY amount DESC, unit) AS place,
        COUNT(*) OVER (PARTITION BY curve, currency) AS units
    FROM people
),
steps AS (
    SELECT curve, currency, (place * 100 + units - 1) // units AS percent, COUNT(*) AS units, SUM(amount) AS amount
    FROM ranked
    GROUP BY curve, currency, (place * 100 + units - 1) // units
)
SELECT
    curve,
    currency,
    CAST(percent AS INTEGER) AS percent,
    SUM(units) OVER (PARTITION BY curve, currency ORDER BY percent) AS units,
    SUM(amount) OVER (PARTITION BY curve, currency ORDER BY percent) AS amount
FROM steps
