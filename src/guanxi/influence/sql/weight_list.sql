-- Fans who moved anybody, on $platform and in $band ('' for all), with what they move in all, or on $topic alone: then only
-- of those whose shares on it were taken up often enough. Sides: social.
SELECT
    w.fan, w.platform, w.band, w.weight, w.direct, w.second, w.engagements, w.engagements_low, w.engagements_high,
    r.moves, r.carried, r.timed, r.soon, CAST(r.millionths AS DOUBLE) / 1000000 AS reach
FROM social.weight AS w
LEFT JOIN social.resonance AS r
    ON r.fan = w.fan AND r.facet = CASE WHEN $topic = '' THEN 'all' ELSE 'topic' END AND r.value = $topic
WHERE w.direct > 0 AND ($platform = '' OR w.platform = $platform) AND ($band = '' OR w.band = $band)
    AND ($topic = '' OR r.fan IS NOT NULL)
