-- What treated and held-out people of $campaign did within $days days of being planned for, money in $currency.
-- Sides: social, customers, relationship. Persons as links for contact join them now; nothing after $until counts.
WITH audience AS (
    SELECT person, MIN(planned_at) AS planned_at, MAX(CASE WHEN holdout THEN 1 ELSE 0 END) AS held
    FROM relationship.campaign_person
    WHERE campaign = $campaign
    GROUP BY person
),
members AS (
    SELECT
        a.person,
        a.planned_at,
        COALESCE(other.identity, a.person) AS identity
    FROM audience AS a
    LEFT JOIN relationship.person AS own ON own.identity = a.person AND own.purpose = 'contact'
    LEFT JOIN relationship.person AS other ON other.person = own.person AND other.purpose = 'contact'
),
responses AS (
    SELECT m.person, 1 AS responded
    FROM members AS m
    JOIN social.engagement AS e ON e.fan * 2 = m.identity
    WHERE e.happened_at > m.planned_at
        AND e.happened_at <= m.planned_at + INTERVAL 1 DAY * $days
        AND e.happened_at <= $until
        AND e.kind IN (
            'clicked', 'viewed', 'liked', 'commented', 'replied', 'mentioned', 'messaged',
            'shared', 'opened', 'reshared', 'joined', 'answered', 'attended'
        )
    GROUP BY m.person
),
spendings AS (
    SELECT
        m.person,
        CAST(SUM(o.amount) AS DECIMAL(18, 0)) AS money,
        MAX(CASE WHEN o.kind = 'ordered' THEN 1 ELSE 0 END) AS bought
    FROM members AS m
    JOIN customers.orders AS o ON o.customer * 2 + 1 = m.identity
    WHERE o.happened_at > m.planned_at
        AND o.happened_at <= m.planned_at + INTERVAL 1 DAY * $days
        AND o.happened_at <= $until
        AND o.currency = $currency
    GROUP BY m.person
),
seen AS (
    SELECT person, MAX(CASE WHEN identity % 2 = 1 THEN 1 ELSE 0 END) AS visible
    FROM members
    GROUP BY person
)
SELECT
    a.held,
    COUNT(*) AS people,
    MAX(a.planned_at) AS planned_last,
    SUM(COALESCE(r.responded, 0)) AS responders,
    SUM(COALESCE(s.bought, 0)) AS buyers,
    SUM(v.visible) AS visible,
    SUM(COALESCE(s.money, 0)) AS money,
    SUM(COALESCE(s.money * s.money, 0)) AS money_squares
FROM audience AS a
JOIN seen AS v ON v.person = a.person
LEFT JOIN responses AS r ON r.person = a.person
LEFT JOIN spendings AS s ON s.person = a.person
GROUP BY a.held
