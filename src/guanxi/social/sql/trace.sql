-- What some fans did day by day, whom they moved, and the tenths of a point that are left of each row.
-- Sides: social. Offered: wanted_fan, decay (millionths left of either score's points, for the days asked for).
SELECT
    a.fan,
    a.day,
    a.kind,
    a.depth,
    a.topic,
    a.n,
    a.moved,
    a.second,
    CAST((a.daily * d.daily + 500000 - (a.daily * d.daily + 500000) % 1000000) / 1000000 AS BIGINT) AS daily,
    CAST(
        (a.campaign * d.campaign + 500000 - (a.campaign * d.campaign + 500000) % 1000000) / 1000000 AS BIGINT
    ) AS campaign
FROM social.activity AS a
JOIN wanted_fan AS w ON w.fan = a.fan
JOIN decay AS d ON d.day = a.day
ORDER BY a.fan, a.day DESC, a.kind, a.depth, a.topic
