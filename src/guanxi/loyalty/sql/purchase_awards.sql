-- What purchases earn and what refunds of them take back: one row for each order, or refund and order, that is news.
-- Sides: customers; member (identity, since, fresh) and rule are offered.
-- A refund is of the order lines of the same customer, number and currency, used up in the order heard. Whatever remains
-- of a line keeps no more than it would have earned by itself, nor more than it was granted.
WITH purchases AS (
    SELECT
        o.id,
        o.customer,
        o.reference,
        o.currency,
        o.amount AS spent,
        o.happened_at,
        o.day,
        m.identity,
        r.rule,
        r.points,
        r.amount AS rate,
        r.unit,
        r.cap_day,
        r.cap_month,
        (o.id > $cursor OR m.fresh OR r.fresh) AS news,
        CAST((o.amount - o.amount % r.unit) / r.unit AS BIGINT) * r.amount AS earns
    FROM customers.orders AS o
    INNER JOIN member AS m ON o.customer * 2 + 1 = m.identity
    INNER JOIN rule AS r ON o.kind = r.kind AND o.currency = r.currency
    WHERE
        o.kind = 'ordered'
        AND o.amount > 0
        AND o.id <= $until
        AND o.happened_at >= m.since
        AND (r.valid_from IS NULL OR o.happened_at >= r.valid_from)
        AND (r.valid_to IS NULL OR o.happened_at < r.valid_to)
),
by_day AS (
    SELECT
        *,
        SUM(earns) OVER (PARTITION BY rule, identity, day ORDER BY id ROWS UNBOUNDED PRECEDING) - earns AS day_before
    FROM purchases
),
day_capped AS (
    SELECT
        *,
        CASE
            WHEN cap_day IS NULL THEN earns
            WHEN cap_day <= day_before THEN 0
            WHEN cap_day - day_before < earns THEN cap_day - day_before
            ELSE earns
        END AS day_points
    FROM by_day
),
by_month AS (
    SELECT
        *,
        SUM(day_points) OVER (
            PARTITION BY rule, identity, CAST(DATE_TRUNC('month', day) AS DATE) ORDER BY id ROWS UNBOUNDED PRECEDING
        ) - day_points AS month_before
    FROM day_capped
),
granted AS (
    SELECT
        id, customer, reference, currency, spent, happened_at, identity, rule, points, rate, unit, news,
        CAST(
            CASE
                WHEN cap_month IS NULL THEN day_points
                WHEN cap_month <= month_before THEN 0
                WHEN cap_month - month_before < day_points THEN cap_month - month_before
                ELSE day_points
            END AS BIGINT
        ) AS had
    FROM by_month
),
order_lines AS (
    SELECT
        id,
        ROW_NUMBER() OVER (PARTITION BY customer, reference, currency ORDER BY id) AS line,
        SUM(amount) OVER (PARTITION BY customer, reference, currency ORDER BY id ROWS UNBOUNDED PRECEDING)
        - amount AS spent_before
    FROM customers.orders
    WHERE kind = 'ordered' AND amount > 0 AND reference IS NOT NULL AND id <= $until
),
refunds AS (
    SELECT
        id,
        customer,
        reference,
        currency,
        happened_at,
        -amount AS returned,
        SUM(-amount) OVER (PARTITION BY customer, reference, currency ORDER BY id ROWS UNBOUNDED PRECEDING)
        AS returned_now
    FROM customers.orders
    WHERE kind = 'refunded' AND amount < 0 AND reference IS NOT NULL AND id <= $until
),
matched AS (
    SELECT
        f.id AS refund,
        f.happened_at AS refunded_at,
        (f.id > $cursor OR g.news) AS refund_news,
        g.id AS purchase,
        l.line,
        g.identity,
        g.rule,
        g.points,
        g.rate,
        g.unit,
        g.had,
        g.spent,
        f.returned_now - l.spent_before AS now_of_line,
        f.returned_now - f.returned - l.spent_before AS before_of_line
    FROM granted AS g
    INNER JOIN order_lines AS l ON g.id = l.id
    INNER JOIN refunds AS f
        ON g.customer = f.customer AND g.reference = f.reference AND g.currency = f.currency
    WHERE g.had > 0
),
left_of_line AS (
    SELECT
        *,
        spent - CASE WHEN now_of_line < 0 THEN 0 WHEN now_of_line > spent THEN spent ELSE now_of_line END AS rest_now,
        spent - CASE WHEN before_of_line < 0 THEN 0 WHEN before_of_line > spent THEN spent ELSE before_of_line END
        AS rest_before
    FROM matched
),
kept AS (
    SELECT
        *,
        CAST((rest_now - rest_now % unit) / unit AS BIGINT) * rate AS earns_now,
        CAST((rest_before - rest_before % unit) / unit AS BIGINT) * rate AS earns_before
    FROM left_of_line
),
taken AS (
    SELECT
        *,
        CASE WHEN earns_before < had THEN earns_before ELSE had END
        - CASE WHEN earns_now < had THEN earns_now ELSE had END AS amount
    FROM kept
)
SELECT
    id AS fact,
    0 AS line,
    'earned' AS entry_kind,
    identity AS account,
    rule,
    points,
    'shop' AS platform,
    'ordered' AS kind,
    happened_at,
    had AS amount,
    CAST(NULL AS BIGINT) AS reverses_fact
FROM granted
WHERE news AND had > 0
UNION ALL
SELECT
    refund,
    CAST(line AS INTEGER),
    'refunded',
    identity,
    rule,
    points,
    'shop',
    'ordered',
    refunded_at,
    CAST(amount AS BIGINT),
    purchase
FROM taken
WHERE refund_news AND amount > 0
ORDER BY fact, rule, line
