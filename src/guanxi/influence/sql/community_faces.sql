-- What each community of at least $size fans is called by: its most over-represented topic and city, and how much more
-- frequent they are in it than among all fans of communities (in hundredths). Sides: social.
WITH trait AS (
    SELECT fan, 'taste' AS trait, topic AS value FROM social.taste
    UNION ALL
    SELECT fan, 'city' AS trait, value FROM social.fan_fact WHERE best AND name = 'city'
),
placed AS (
    SELECT c.community, t.trait, t.value, COUNT(*) AS n
    FROM social.community AS c
    JOIN trait AS t ON t.fan = c.fan
    WHERE c.size >= $size
    GROUP BY c.community, t.trait, t.value
),
shared AS (
    SELECT
        community, trait, value, n,
        SUM(n) OVER (PARTITION BY community, trait) AS known,
        SUM(n) OVER (PARTITION BY trait, value) AS everywhere,
        SUM(n) OVER (PARTITION BY trait) AS of_all
    FROM placed
),
lifted AS (
    SELECT
        community, trait, value, n, CAST(known AS BIGINT) AS known,
        CAST(FLOOR(CAST(n AS DOUBLE) * of_all * 100 / (CAST(known AS DOUBLE) * everywhere)) AS BIGINT) AS lift
    FROM shared
    WHERE n * 10 >= known
),
ranked AS (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY community, trait ORDER BY lift DESC, n DESC, value) AS place
    FROM lifted
)
SELECT community, trait, value, n, known, lift
FROM ranked
WHERE place = 1
ORDER BY community, trait
