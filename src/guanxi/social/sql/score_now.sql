-- The two scores of each fan as they are left today, over the last days since $from_day and over all time.
-- Sides: social. Offered: decay (millionths left of either score's points, by day).
WITH faded AS (
    SELECT
        a.fan,
        a.day,
        CAST((a.daily * d.daily + 500000 - (a.daily * d.daily + 500000) % 1000000) / 1000000 AS BIGINT) AS daily,
        CAST(
            (a.campaign * d.campaign + 500000 - (a.campaign * d.campaign + 500000) % 1000000) / 1000000 AS BIGINT
        ) AS campaign
    FROM social.activity AS a
    JOIN decay AS d ON d.day = a.day
    WHERE a.daily + a.campaign > 0
)
SELECT
    fan,
    SUM(CASE WHEN day >= $from_day THEN daily ELSE 0 END) AS daily_recent,
    SUM(CASE WHEN day >= $from_day THEN campaign ELSE 0 END) AS campaign_recent,
    SUM(daily) AS daily_all,
    SUM(campaign) AS campaign_all
FROM faded
GROUP BY fan
ORDER BY fan
