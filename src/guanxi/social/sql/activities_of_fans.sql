-- What some fans did month by month, whom they moved, and the whole tenths of a point for it.
-- Sides: social. Offered: wanted_fan.
SELECT
    a.fan,
    a.month,
    a.kind,
    CAST(SUM(a.n) AS BIGINT) AS n,
    CAST(SUM(a.moved) AS BIGINT) AS moved,
    CAST(SUM(a.second) AS BIGINT) AS second,
    CAST(SUM(a.daily) AS BIGINT) AS daily,
    CAST(SUM(a.campaign) AS BIGINT) AS campaign
FROM social.activity AS a
JOIN wanted_fan AS w ON w.fan = a.fan
WHERE a.month BETWEEN $first AND $last
GROUP BY a.fan, a.month, a.kind
ORDER BY a.fan, a.month, a.kind
