-- What each source says about each fan, and which word to go by: the surest, then the latest. Values one after another,
-- so that who has one is found without reading the others.
-- Sides: social. Offered: read_fact (facts of records just read), changed_fan (whose mirror is old).
WITH ranked AS (
    SELECT
        fan,
        name,
        value,
        source,
        confidence,
        ROW_NUMBER() OVER (
            PARTITION BY fan, name
            ORDER BY confidence DESC, stated_at DESC, value DESC, source DESC
        ) AS place
    FROM read_fact
),
fact AS (
    SELECT fan, name, value, source, confidence, place = 1 AS best
    FROM ranked
    UNION ALL
    SELECT m.fan, m.name, m.value, m.source, m.confidence, m.best
    FROM social.fan_fact AS m
    LEFT JOIN changed_fan AS c ON c.fan = m.fan
    WHERE c.fan IS NULL AND NOT $whole
)
SELECT fan, name, value, source, confidence, best
FROM fact
ORDER BY name, value, fan, source
