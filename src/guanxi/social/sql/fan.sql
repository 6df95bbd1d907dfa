-- Every fan with account, follow days and the days of first and last activity.
-- Sides: social. Offered: read_fan (records just read), changed_fan (whose mirror is old).
WITH record AS (
    SELECT fan, account, platform, followed_day, unfollowed_day
    FROM read_fan
    UNION ALL
    SELECT m.fan, m.account, m.platform, m.followed_day, m.unfollowed_day
    FROM social.fan AS m
    LEFT JOIN changed_fan AS c ON c.fan = m.fan
    WHERE c.fan IS NULL AND NOT $whole
),
seen AS (
    SELECT fan, MIN(day) AS first_day, MAX(day) AS last_day
    FROM social.engagement
    WHERE fan IS NOT NULL AND happened_at <= $until
    GROUP BY fan
)
SELECT
    r.fan,
    r.account,
    r.platform,
    r.followed_day,
    r.unfollowed_day,
    s.first_day,
    s.last_day
FROM record AS r
LEFT JOIN seen AS s ON s.fan = r.fan
ORDER BY r.fan
