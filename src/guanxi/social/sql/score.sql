-- The two scores of each fan and month in tenths of a point; they are never added.
-- Sides: social. Offered: point (tenths for doing a kind daily or in a campaign, and for each person moved).
SELECT
    a.fan,
    a.month,
    SUM(a.n * p.daily) AS daily,
    SUM(a.n * p.campaign + a.moved * p.moved) AS campaign
FROM social.activity AS a
JOIN point AS p ON p.kind = a.kind
GROUP BY a.fan, a.month
ORDER BY a.month, a.fan
