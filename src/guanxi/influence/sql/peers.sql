-- The fans offered as near to $fan, each with how many of band, taste and city are as $fan's; only those alike in $alike, where
-- it is named. Sides: social. Offered: near(fan).
WITH around AS (
    SELECT fan FROM near
    UNION
    SELECT CAST($fan AS BIGINT) AS fan
),
lived AS (
    SELECT f.fan, MAX(f.value) AS city
    FROM social.fan_fact AS f JOIN around AS a ON a.fan = f.fan
    WHERE f.best AND f.name = 'city'
    GROUP BY f.fan
),
known AS (
    SELECT a.fan, f.platform, w.weight, w.band, t.topic AS taste, v.city
    FROM around AS a
    LEFT JOIN social.fan AS f ON f.fan = a.fan
    LEFT JOIN social.weight AS w ON w.fan = a.fan
    LEFT JOIN social.taste AS t ON t.fan = a.fan
    LEFT JOIN lived AS v ON v.fan = a.fan
),
own AS (
    SELECT band, taste, city FROM known WHERE fan = $fan
)
SELECT
    k.fan, k.platform, k.weight, k.band, k.taste, k.city,
    CASE WHEN k.band = o.band THEN 1 ELSE 0 END + CASE WHEN k.taste = o.taste THEN 1 ELSE 0 END
    + CASE WHEN k.city = o.city THEN 1 ELSE 0 END AS alike
FROM known AS k
CROSS JOIN own AS o
WHERE k.fan <> $fan
AND (
    $alike = '' OR ($alike = 'band' AND k.band = o.band)
    OR ($alike = 'taste' AND k.taste = o.taste) OR ($alike = 'city' AND k.city = o.city)
)
