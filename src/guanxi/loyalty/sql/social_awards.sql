-- What acts earn: one row for each act, member and rule that is news, with the points left by the day's and month's caps.
-- Sides: social; member (identity, since, fresh) and rule (one row a kind) are offered.
-- News: after $cursor, or of a member or rule that has not caught up; nothing after $until. Caps count acts heard earlier.
WITH acts AS (
    SELECT
        e.id,
        m.identity,
        r.rule,
        r.points,
        e.platform,
        e.kind,
        e.happened_at,
        e.day,
        r.amount,
        r.cap_day,
        r.cap_month,
        (e.id > $cursor OR m.fresh OR r.fresh) AS news
    FROM social.engagement AS e
    INNER JOIN member AS m ON e.fan * 2 = m.identity
    INNER JOIN rule AS r ON e.kind = r.kind AND (r.platform IS NULL OR e.platform = r.platform)
    WHERE
        e.id <= $until
        AND e.day >= $from_day
        AND e.happened_at >= m.since
        AND (r.valid_from IS NULL OR e.happened_at >= r.valid_from)
        AND (r.valid_to IS NULL OR e.happened_at < r.valid_to)
),
by_day AS (
    SELECT
        *,
        SUM(amount) OVER (PARTITION BY rule, identity, day ORDER BY id ROWS UNBOUNDED PRECEDING) - amount AS day_before
    FROM acts
),
day_capped AS (
    SELECT
        *,
        CASE
            WHEN cap_day IS NULL THEN amount
            WHEN cap_day <= day_before THEN 0
            WHEN cap_day - day_before < amount THEN cap_day - day_before
            ELSE amount
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
capped AS (
    SELECT
        *,
        CASE
            WHEN cap_month IS NULL THEN day_points
            WHEN cap_month <= month_before THEN 0
            WHEN cap_month - month_before < day_points THEN cap_month - month_before
            ELSE day_points
        END AS month_points
    FROM by_month
)
SELECT
    id AS fact,
    0 AS line,
    'earned' AS entry_kind,
    identity AS account,
    rule,
    points,
    platform,
    kind,
    happened_at,
    CAST(month_points AS BIGINT) AS amount,
    CAST(NULL AS BIGINT) AS reverses_fact
FROM capped
WHERE news AND month_points > 0
ORDER BY id, rule
