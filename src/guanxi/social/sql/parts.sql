-- By fan and kind of activity: how often, whom they moved, and the tenths of a point that are left; trace in sums.
-- Sides: social. Offered: wanted_fan, decay (millionths left of either score's points, for the days asked for).
SELECT
    a.fan,
    a.kind,
    CAST(SUM(a.n) AS BIGINT) AS n,
    CAST(SUM(a.moved) AS BIGINT) AS moved,
    CAST(SUM(a.second) AS BIGINT) AS second,
    CAST(SUM(
        CAST((a.daily * d.daily + 500000 - (a.daily * d.daily + 500000) % 1000000) / 1000000 AS BIGINT)
    ) AS BIGINT) AS daily,
    CAST(SUM(
        CAST((a.campaign * d.campaign + 500000 - (a.campaign * d.campaign + 500000) % 1000000) / 1000000 AS BIGINT)
    ) AS BIGINT) AS campaign
FROM social.activity AS a
JOIN wanted_fan AS w ON w.fan = a.fan
JOIN decay AS d ON d.day = a.day
GROUP BY a.fan, a.kind
