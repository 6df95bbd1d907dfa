-- The fans offered with the two scores of one month or as they are left today ($window: month, recent, all), 0 for who
-- has none. Sides: social. Offered: wanted_fan.
SELECT w.fan, COALESCE(s.daily, 0) AS daily, COALESCE(s.campaign, 0) AS campaign
FROM wanted_fan AS w
LEFT JOIN (
    SELECT fan, daily, campaign
    FROM social.score
    WHERE $window = 'month' AND month = $month
    UNION ALL
    SELECT
        fan,
        CASE WHEN $window = 'recent' THEN daily_recent ELSE daily_all END AS daily,
        CASE WHEN $window = 'recent' THEN campaign_recent ELSE campaign_all END AS campaign
    FROM social.score_now
    WHERE $window <> 'month'
) AS s ON s.fan = w.fan
