-- How often each fan did what in each month, and how many named others were moved through the fan's shares.
-- Sides: social. Offered: point (what each kind is worth; moved > 0 where a kind shows that somebody was moved).
WITH heard AS (
    SELECT fan, through, kind, CAST(DATE_TRUNC('month', day) AS DATE) AS month
    FROM social.engagement
    WHERE fan IS NOT NULL AND happened_at <= $until
),
did AS (
    SELECT fan, month, kind, COUNT(*) AS n
    FROM heard
    GROUP BY fan, month, kind
),
pair AS (
    SELECT h.through, h.fan, h.month, h.kind
    FROM heard AS h
    JOIN point AS p ON p.kind = h.kind
    WHERE p.moved > 0 AND h.through IS NOT NULL AND h.through <> h.fan
    GROUP BY h.through, h.fan, h.month, h.kind
),
outcome AS (
    SELECT through AS fan, month, kind, COUNT(*) AS moved
    FROM pair
    GROUP BY through, month, kind
)
SELECT
    COALESCE(d.fan, o.fan) AS fan,
    COALESCE(d.month, o.month) AS month,
    COALESCE(d.kind, o.kind) AS kind,
    COALESCE(d.n, 0) AS n,
    COALESCE(o.moved, 0) AS moved
FROM did AS d
FULL OUTER JOIN outcome AS o ON o.fan = d.fan AND o.month = d.month AND o.kind = d.kind
ORDER BY month, fan, kind
