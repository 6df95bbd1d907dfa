-- Fans who moved anybody, on $platform and in $band ('' for all), with what they move in all, or on $topic alone: then only
-- of those whose shares on it were taken up often enough. $screening: screened fans with the others (''), 'screened' alone,
-- or none ('trusted'). Sides: social.
SELECT
    w.fan, w.platform, w.band, w.weight, w.direct, w.second, w.engagements, w.engagements_low, w.engagements_high,
    r.moves, r.carried, r.timed, r.soon, CAST(r.millionths AS DOUBLE) / 1000000 AS reach,
    COALESCE(s.signs, '') AS signs
FROM social.weight AS w
LEFT JOIN social.resonance AS r
    ON r.fan = w.fan AND r.facet = CASE WHEN $topic = '' THEN 'all' ELSE 'topic' END AND r.value = $topic
LEFT JOIN social.screened AS s ON s.fan = w.fan
WHERE (
        (w.direct > 0 AND s.fan IS NULL AND $screening <> 'screened') OR (s.fan IS NOT NULL AND $screening <> 'trusted')
    )
    AND ($platform = '' OR w.platform = $platform) AND ($band = '' OR w.band = $band)
    AND ($topic = '' OR r.fan IS NOT NULL)
