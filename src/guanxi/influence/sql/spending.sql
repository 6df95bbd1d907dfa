-- What each fan who is linked for rewards spent, in minor units; of several customers, together. Sides: relationship, customers.
SELECT l.fan, CAST(SUM(r.monetary) AS BIGINT) AS spent, MAX(r.m) AS fifth
FROM relationship.link AS l
JOIN customers.rfm AS r ON r.customer = l.customer
WHERE l.purpose = 'reward'
GROUP BY l.fan
ORDER BY l.fan
