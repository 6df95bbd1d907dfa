-- How many fans of each community are linked to a customer. Sides: social, relationship.
SELECT c.community, COUNT(DISTINCT c.fan) AS customers
FROM social.community AS c
JOIN relationship.link AS l ON l.fan = c.fan AND l.purpose = 'reward'
GROUP BY c.community
ORDER BY c.community
