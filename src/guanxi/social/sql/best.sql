-- Everybody who scored in a month, or whose score is left today ($window: month, recent, all), with both scores; but for
-- the fans left out. Sides: social. Offered: left_out (fans).
SELECT s.fan, s.daily, s.campaign
FROM (
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
) AS s
LEFT JOIN left_out AS l ON l.fan = s.fan
WHERE l.fan IS NULL
