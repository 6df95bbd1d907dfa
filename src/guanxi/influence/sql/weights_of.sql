-- What is known of the fans offered as wanted(fan). Sides: social. Offered: wanted.
WITH circle AS (
    SELECT c.fan, c.community, c.size
    FROM social.community AS c
    JOIN wanted AS x ON x.fan = c.fan
)
SELECT w.fan, w.platform, w.weight, w.direct, w.second, w.band, c.community, c.size AS community_size
FROM social.weight AS w
JOIN wanted AS x ON x.fan = w.fan
LEFT JOIN circle AS c ON c.fan = w.fan
ORDER BY w.fan
