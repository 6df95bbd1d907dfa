-- Of the fans offered as near to $fan: of how many linked for rewards the fifth of spending is known, and how many are in
-- the same as $fan. Sides: social, relationship, customers. Offered: near(fan).
WITH around AS (
    SELECT fan FROM near
    UNION
    SELECT CAST($fan AS BIGINT) AS fan
),
spending AS (
    SELECT l.fan, MAX(r.m) AS fifth
    FROM relationship.link AS l
    JOIN customers.rfm AS r ON r.customer = l.customer
    JOIN around AS a ON a.fan = l.fan
    WHERE l.purpose = 'reward'
    GROUP BY l.fan
),
own AS (
    SELECT MAX(fifth) AS fifth FROM spending WHERE fan = $fan
),
all_near AS (
    SELECT COUNT(*) AS people FROM near
)
SELECT
    'spending' AS trait, CAST(MAX(o.fifth) AS VARCHAR) AS value, MAX(n.people) AS people, COUNT(s.fan) AS known,
    COUNT(CASE WHEN s.fifth = o.fifth THEN 1 END) AS alike
FROM all_near AS n
CROSS JOIN own AS o
JOIN spending AS s ON s.fan <> $fan
HAVING COUNT(s.fan) > 0
