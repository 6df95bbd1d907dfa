-- Which fans and customers share a key, by kind, and how many on one account hold it (the larger of both sides' crowds).
-- Sides: social, customers; keyed hashes only, offered as fan_key and customer_key (ref, account, kind, key).
-- A key with a crowd above $crowd_max says nothing about anyone and is left out.
WITH fan_side AS (
    SELECT
        ref,
        kind,
        key,
        COUNT(*) OVER (PARTITION BY kind, key, account) AS crowd,
        COUNT(*) OVER (PARTITION BY kind, key) AS holders
    FROM fan_key
),
customer_side AS (
    SELECT
        ref,
        kind,
        key,
        COUNT(*) OVER (PARTITION BY kind, key, account) AS crowd,
        COUNT(*) OVER (PARTITION BY kind, key) AS holders
    FROM customer_key
),
shared AS (
    SELECT
        f.ref AS fan,
        c.ref AS customer,
        f.kind,
        CASE WHEN f.crowd > c.crowd THEN f.crowd ELSE c.crowd END AS crowd
    FROM fan_side AS f
    INNER JOIN customer_side AS c ON f.kind = c.kind AND f.key = c.key
    WHERE
        f.crowd <= $crowd_max
        AND c.crowd <= $crowd_max
        AND f.holders <= 5 * $crowd_max
        AND c.holders <= 5 * $crowd_max
)
SELECT
    fan,
    customer,
    COALESCE(MIN(CASE WHEN kind = 'union_id' THEN crowd END), 0) AS union_id,
    COALESCE(MIN(CASE WHEN kind = 'fan_account' THEN crowd END), 0) AS fan_account,
    COALESCE(MIN(CASE WHEN kind = 'phone' THEN crowd END), 0) AS phone,
    COALESCE(MIN(CASE WHEN kind = 'email' THEN crowd END), 0) AS email
FROM shared
GROUP BY fan, customer
ORDER BY fan, customer
