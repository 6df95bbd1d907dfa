-- The communities offered as of $today, with the day since when each fan has been in theirs. Sides: social.
SELECT
    o.fan, CAST(o.community AS INTEGER) AS community, CAST(o.size AS INTEGER) AS size,
    COALESCE(b.since, CAST($today AS DATE)) AS since
FROM community_offered AS o
LEFT JOIN social.community AS b ON b.fan = o.fan AND b.community = o.community
ORDER BY o.fan
