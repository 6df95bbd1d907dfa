-- Of the fans offered as near to $fan: for each trait, how many have it known and how many are as $fan is. Sides: social.
-- Offered: near(fan).
WITH around AS (
    SELECT fan FROM near
    UNION
    SELECT CAST($fan AS BIGINT) AS fan
),
trait AS (
    SELECT f.fan, f.name AS trait, f.value
    FROM social.fan_fact AS f JOIN around AS a ON a.fan = f.fan
    WHERE f.best AND f.name IN ('city', 'language')
    UNION ALL
    SELECT t.fan, 'taste' AS trait, t.topic AS value FROM social.taste AS t JOIN around AS a ON a.fan = t.fan
    UNION ALL
    SELECT w.fan, 'band' AS trait, w.band AS value FROM social.weight AS w JOIN around AS a ON a.fan = w.fan
),
own AS (
    SELECT trait, value FROM trait WHERE fan = $fan
),
all_near AS (
    SELECT COUNT(*) AS people FROM near
)
SELECT
    t.trait, MAX(o.value) AS value, MAX(n.people) AS people, COUNT(*) AS known,
    COUNT(CASE WHEN t.value = o.value THEN 1 END) AS alike
FROM trait AS t
CROSS JOIN all_near AS n
LEFT JOIN own AS o ON o.trait = t.trait
WHERE t.fan <> $fan
GROUP BY t.trait
ORDER BY t.trait
