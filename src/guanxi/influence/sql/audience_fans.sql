-- The fans who count: who did something with contents about $topic, who is known to live in $city; an empty mark asks
-- for nothing. Sides: social.
SELECT f.fan
FROM social.fan AS f
WHERE
    ($topic = '' OR f.fan IN (
        SELECT e.fan
        FROM social.engagement AS e
        JOIN social.content AS c ON c.content = e.content
        WHERE c.topic = $topic AND e.fan IS NOT NULL
    ))
    AND ($city = '' OR f.fan IN (
        SELECT fan FROM social.fan_fact WHERE best AND name = 'city' AND value = $city
    ))
ORDER BY f.fan
