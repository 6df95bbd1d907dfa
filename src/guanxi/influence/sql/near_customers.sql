-- Of the fans offered as near, how many are linked to a customer. Sides: social, relationship, customers.
-- Offered: near(fan).
SELECT COUNT(DISTINCT n.fan) AS people, COUNT(DISTINCT l.fan) AS customers
FROM near AS n
LEFT JOIN relationship.link AS l ON l.fan = n.fan AND l.purpose = 'reward'
