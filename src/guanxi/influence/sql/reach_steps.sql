-- What share of all weight the top fans hold, at each hundredth of the fans who moved anybody. Sides: social.
WITH ranked AS (
    SELECT
        CAST(ROUND(weight * 1000000) AS BIGINT) AS millionths,
        ROW_NUMBER() OVER (ORDER BY weight DESC, fan) AS place,
        COUNT(*) OVER () AS fans
    FROM social.weight
    WHERE weight > 0
),
stepped AS (
    SELECT CAST(CEIL(place * 100.0 / fans) AS INTEGER) AS step, millionths
    FROM ranked
)
SELECT step, COUNT(*) AS fans, CAST(SUM(millionths) AS BIGINT) AS millionths
FROM stepped
GROUP BY step
ORDER BY step
