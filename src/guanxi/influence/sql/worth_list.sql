-- The fans of weight_list, with the spending of those they move. Sides: social, relationship, customers.
SELECT
    w.fan, w.platform, w.band, w.weight, w.direct, w.second, w.engagements, w.engagements_low, w.engagements_high,
    r.moves, r.carried, r.timed, r.soon, CAST(r.millionths AS DOUBLE) / 1000000 AS reach,
    COALESCE(s.signs, '') AS signs,
    n.expected, n.low, n.high, n.known, n.people AS in_reach
FROM social.weight AS w
LEFT JOIN social.resonance AS r
    ON r.fan = w.fan AND r.facet = CASE WHEN $topic = '' THEN 'all' ELSE 'topic' END AND r.value = $topic
LEFT JOIN relationship.network_value AS n ON n.fan = w.fan
LEFT JOIN social.screened AS s ON s.fan = w.fan
WHERE (
        (w.direct > 0 AND s.fan IS NULL AND $screening <> 'screened') OR (s.fan IS NOT NULL AND $screening <> 'trusted')
    )
    AND ($platform = '' OR w.platform = $platform) AND ($band = '' OR w.band = $band)
    AND ($topic = '' OR r.fan IS NOT NULL)
