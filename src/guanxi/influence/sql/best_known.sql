-- The $rows fans who moved most people directly, and the $rows of whom most is expected; the first first. Sides: social.
WITH ranked AS (
    SELECT
        fan, direct, weight,
        ROW_NUMBER() OVER (ORDER BY direct DESC, weight DESC, fan) AS by_direct,
        ROW_NUMBER() OVER (ORDER BY weight DESC, direct DESC, fan) AS by_weight
    FROM social.weight
    WHERE direct > 0
)
SELECT fan, direct FROM ranked WHERE by_direct <= $rows OR by_weight <= $rows ORDER BY direct DESC, weight DESC, fan
