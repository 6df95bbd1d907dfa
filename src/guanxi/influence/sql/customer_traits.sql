-- What is known of linked fans as customers that people can be alike in: the fifth of spending they are in.
-- Sides: relationship, customers.
SELECT l.fan, 'spending' AS trait, CAST(MAX(r.m) AS VARCHAR) AS value
FROM relationship.link AS l
JOIN customers.rfm AS r ON r.customer = l.customer
WHERE l.purpose = 'reward'
GROUP BY l.fan
