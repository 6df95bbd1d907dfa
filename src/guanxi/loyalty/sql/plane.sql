-- Where every member stands between love and money: one row a person, and whether any of them is a customer.
-- Sides: relationship. A person without a customer has no money side: unknown, never zero.
SELECT
    person,
    MAX(love) AS love,
    MAX(spend) AS spend,
    MAX(tier) AS tier,
    MAX(identity % 2) = 1 AS money_known
FROM relationship.loyalty
GROUP BY person
