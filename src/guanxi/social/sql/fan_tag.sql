-- Which tags are on which fans now, by the tag's name.
-- Sides: social. Offered: read_fan_tag (tags just read), changed_fan (whose mirror is old).
WITH tagged AS (
    SELECT fan, tag
    FROM read_fan_tag
    UNION ALL
    SELECT m.fan, m.tag
    FROM social.fan_tag AS m
    LEFT JOIN changed_fan AS c ON c.fan = m.fan
    WHERE c.fan IS NULL AND NOT $whole
)
SELECT DISTINCT fan, tag
FROM tagged
ORDER BY fan, tag
