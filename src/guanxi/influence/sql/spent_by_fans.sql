-- What fans who are known customers spent so far, in smallest units of money. Sides: customers, relationship.
SELECT l.fan, CAST(MAX(r.monetary) AS BIGINT) AS spent
FROM relationship.link AS l
JOIN customers.rfm AS r ON r.customer = l.customer
WHERE l.purpose = 'contact' AND r.monetary > 0
GROUP BY l.fan
ORDER BY l.fan
