-- What share of fans, of customers and of their net revenue in each currency the links reach, for $purpose.
-- Sides: social, customers, relationship.
WITH fans AS (
    SELECT COUNT(*) AS total FROM social.fan
),
linked_fans AS (
    SELECT COUNT(DISTINCT fan) AS linked FROM relationship.link WHERE purpose = $purpose
),
customers AS (
    SELECT COUNT(*) AS total FROM customers.customer
),
linked_customers AS (
    SELECT DISTINCT customer FROM relationship.link WHERE purpose = $purpose
),
revenue AS (
    SELECT
        o.currency,
        CAST(SUM(o.amount) AS BIGINT) AS total,
        CAST(SUM(CASE WHEN l.customer IS NULL THEN 0 ELSE o.amount END) AS BIGINT) AS linked
    FROM customers.orders AS o
    LEFT JOIN linked_customers AS l ON o.customer = l.customer
    GROUP BY o.currency
)
SELECT 'fans' AS what, CAST(NULL AS VARCHAR) AS currency, f.total, l.linked
FROM fans AS f CROSS JOIN linked_fans AS l
UNION ALL
SELECT 'customers', CAST(NULL AS VARCHAR), c.total, (SELECT COUNT(*) FROM linked_customers)
FROM customers AS c
UNION ALL
SELECT 'revenue', currency, total, linked FROM revenue
ORDER BY what, currency
