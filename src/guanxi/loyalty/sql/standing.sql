-- What every member's person holds and has earned: one row for each identity of a person with an account.
-- Sides: relationship; held (account, love, spend, love_earned, spend_earned) is offered.
WITH reward_person AS (
    SELECT identity, person FROM relationship.person WHERE purpose = 'reward'
),
sums AS (
    SELECT
        COALESCE(p.person, h.account) AS person,
        CAST(SUM(h.love) AS BIGINT) AS love,
        CAST(SUM(h.spend) AS BIGINT) AS spend,
        CAST(SUM(h.love_earned) AS BIGINT) AS love_earned,
        CAST(SUM(h.spend_earned) AS BIGINT) AS spend_earned
    FROM held AS h
    LEFT JOIN reward_person AS p ON h.account = p.identity
    GROUP BY COALESCE(p.person, h.account)
),
identities AS (
    SELECT identity, person FROM reward_person
    UNION
    SELECT h.account, COALESCE(p.person, h.account)
    FROM held AS h
    LEFT JOIN reward_person AS p ON h.account = p.identity
)
SELECT s.person, i.identity, s.love, s.spend, s.love_earned, s.spend_earned
FROM sums AS s
INNER JOIN identities AS i ON s.person = i.person
ORDER BY s.person, i.identity
