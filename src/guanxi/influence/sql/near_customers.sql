-- Of the fans who share a tie with $fan, how many are linked to a customer. Sides: social, relationship, customers.
WITH near AS (
    SELECT influenced AS fan FROM social.tie WHERE influencer = $fan
    UNION
    SELECT influencer AS fan FROM social.tie WHERE influenced = $fan
)
SELECT COUNT(DISTINCT n.fan) AS people, COUNT(DISTINCT l.fan) AS customers
FROM near AS n
LEFT JOIN relationship.link AS l ON l.fan = n.fan AND l.purpose = 'reward'
