-- What treated and held-out people of each campaign did within $days days of its beginning, money in $currency.
-- Sides: social, customers, relationship. Persons as links for contact join them now; nothing after $until counts.
-- A campaign begins with its first message, for both arms alike: it may be planned anew after it, or weeks before its
-- opening. Before any has left it begins with its plan.
WITH begun AS (
    SELECT campaign, MIN(reserved_at) AS began_at
    FROM relationship.delivery
    GROUP BY campaign
),
audience AS (
    SELECT
        p.campaign,
        p.person,
        MIN(COALESCE(b.began_at, p.planned_at)) AS planned_at,
        MAX(CASE WHEN p.holdout THEN 1 ELSE 0 END) AS held
    FROM relationship.campaign_person AS p
    LEFT JOIN begun AS b ON b.campaign = p.campaign
    GROUP BY p.campaign, p.person
),
members AS (
    SELECT
        a.campaign,
        a.person,
        a.planned_at,
        COALESCE(other.identity, a.person) AS identity
    FROM audience AS a
    LEFT JOIN relationship.person AS own ON own.identity = a.person AND own.purpose = 'contact'
    LEFT JOIN relationship.person AS other ON other.person = own.person AND other.purpose = 'contact'
),
responses AS (
    SELECT m.campaign, m.person, 1 AS responded
    FROM members AS m
    JOIN social.engagement AS e ON e.fan * 2 = m.identity
    WHERE e.happened_at > m.planned_at
        AND e.happened_at <= m.planned_at + INTERVAL 1 DAY * $days
        AND e.happened_at > (SELECT MIN(planned_at) FROM audience)
        AND e.happened_at <= $until
        AND e.kind IN (
            'clicked', 'viewed', 'liked', 'commented', 'replied', 'mentioned', 'messaged',
            'shared', 'opened', 'reshared', 'joined', 'answered', 'attended'
        )
    GROUP BY m.campaign, m.person
),
spendings AS (
    SELECT
        m.campaign,
        m.person,
        CAST(SUM(o.amount) AS DECIMAL(18, 0)) AS money,
        MAX(CASE WHEN o.kind = 'ordered' THEN 1 ELSE 0 END) AS bought
    FROM members AS m
    JOIN customers.orders AS o ON o.customer * 2 + 1 = m.identity
    WHERE o.happened_at > m.planned_at
        AND o.happened_at <= m.planned_at + INTERVAL 1 DAY * $days
        AND o.happened_at <= $until
        AND o.currency = $currency
    GROUP BY m.campaign, m.person
),
seen AS (
    SELECT campaign, person, MAX(CASE WHEN identity % 2 = 1 THEN 1 ELSE 0 END) AS visible
    FROM members
    GROUP BY campaign, person
)
SELECT
    a.campaign,
    a.held,
    $days AS window_days,
    $currency AS currency,
    COUNT(*) AS people,
    MAX(a.planned_at) AS planned_last,
    CAST($until AS TIMESTAMPTZ) AS until,
    SUM(COALESCE(r.responded, 0)) AS responders,
    SUM(COALESCE(s.bought, 0)) AS buyers,
    SUM(v.visible) AS visible,
    SUM(COALESCE(s.money, 0)) AS money,
    SUM(COALESCE(s.money * s.money, 0)) AS money_squares
FROM audience AS a
JOIN seen AS v ON v.campaign = a.campaign AND v.person = a.person
LEFT JOIN responses AS r ON r.campaign = a.campaign AND r.person = a.person
LEFT JOIN spendings AS s ON s.campaign = a.campaign AND s.person = a.person
GROUP BY a.campaign, a.held
