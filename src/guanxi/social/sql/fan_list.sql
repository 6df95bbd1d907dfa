-- The fans that a reader asked for, with the two scores of one month or as they are left today ($window).
-- Sides: social. Offered: wanted_fan (fans to choose from, heeded where $named).
SELECT
    f.fan,
    f.account,
    f.platform,
    f.followed_day,
    f.unfollowed_day,
    f.first_day,
    f.last_day,
    COALESCE(s.daily, 0) AS daily,
    COALESCE(s.campaign, 0) AS campaign
FROM social.fan AS f
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
) AS s ON s.fan = f.fan
LEFT JOIN (
    SELECT fan, value FROM social.fan_fact WHERE best AND name = $fact
) AS k ON k.fan = f.fan
WHERE
    ($platform = '' OR f.platform = $platform)
    AND ($account = 0 OR f.account = $account)
    AND ($follows = '' OR $follows = CASE
        WHEN f.unfollowed_day IS NOT NULL THEN 'no'
        WHEN f.followed_day IS NOT NULL THEN 'yes'
        ELSE 'unknown'
    END)
    AND (NOT $named OR f.fan IN (SELECT fan FROM wanted_fan))
    AND ($fact = '' OR CASE WHEN $fact_value = '' THEN k.fan IS NULL ELSE k.value = $fact_value END)
