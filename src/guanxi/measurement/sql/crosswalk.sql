-- How bands of fans and RFM classes of customers go together, person by person, with money in $currency.
-- Sides: social, customers, relationship. A person is what links for contact join; who is not linked stands alone.
-- Class by r + f + m: top 13 to 15, high 10 to 12, middle 7 to 9, low 3 to 6.
WITH bands AS (
    SELECT
        fan,
        MIN(
            CASE band
                WHEN 'igniter' THEN 1 WHEN 'amplifier' THEN 2 WHEN 'participant' THEN 3 WHEN 'listener' THEN 4
            END
        ) AS rank
    FROM social.weight
    GROUP BY fan
),
spent AS (
    SELECT customer, SUM(amount) AS money
    FROM customers.orders
    WHERE currency = $currency AND happened_at <= $until
    GROUP BY customer
),
fans AS (
    SELECT COALESCE(p.person, f.fan * 2) AS person, MIN(COALESCE(b.rank, 5)) AS rank, COUNT(*) AS n
    FROM social.fan AS f
    LEFT JOIN relationship.person AS p ON p.identity = f.fan * 2 AND p.purpose = 'contact'
    LEFT JOIN bands AS b ON b.fan = f.fan
    GROUP BY COALESCE(p.person, f.fan * 2)
),
buyers AS (
    SELECT
        COALESCE(p.person, c.customer * 2 + 1) AS person,
        MAX(COALESCE(r.r + r.f + r.m, 0)) AS points,
        COUNT(*) AS n,
        SUM(COALESCE(s.money, 0)) AS money
    FROM customers.customer AS c
    LEFT JOIN relationship.person AS p ON p.identity = c.customer * 2 + 1 AND p.purpose = 'contact'
    LEFT JOIN customers.rfm AS r ON r.customer = c.customer
    LEFT JOIN spent AS s ON s.customer = c.customer
    GROUP BY COALESCE(p.person, c.customer * 2 + 1)
),
persons AS (
    SELECT
        CASE f.rank
            WHEN 1 THEN 'igniter' WHEN 2 THEN 'amplifier' WHEN 3 THEN 'participant' WHEN 4 THEN 'listener'
            WHEN 5 THEN 'unknown' ELSE 'unlinked'
        END AS band,
        CASE
            WHEN b.person IS NULL THEN 'unlinked'
            WHEN b.points >= 13 THEN 'top'
            WHEN b.points >= 10 THEN 'high'
            WHEN b.points >= 7 THEN 'middle'
            WHEN b.points >= 1 THEN 'low'
            ELSE 'no_orders'
        END AS rfm_class,
        COALESCE(f.n, 0) AS fans,
        COALESCE(b.n, 0) AS customers,
        COALESCE(b.money, 0) AS money
    FROM fans AS f
    FULL JOIN buyers AS b ON b.person = f.person
)
SELECT
    band,
    rfm_class,
    $currency AS currency,
    COUNT(*) AS people,
    SUM(fans) AS fans,
    SUM(customers) AS customers,
    SUM(money) AS money
FROM persons
GROUP BY band, rfm_class
