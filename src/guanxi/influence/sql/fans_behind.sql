-- The fans among the identities offered as crowd_member(identity), and those linked for rewards to the customers among
-- them. Sides: social, relationship. Offered: crowd_member.
SELECT f.fan
FROM crowd_member AS m
JOIN social.fan AS f ON f.fan * 2 = m.identity
UNION
SELECT l.fan
FROM crowd_member AS m
JOIN relationship.link AS l ON l.customer * 2 + 1 = m.identity
WHERE l.purpose = 'reward'
ORDER BY fan
