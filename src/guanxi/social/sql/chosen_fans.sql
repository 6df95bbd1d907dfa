-- The fans that a reader asked for, with the days that a list of them can be ordered by.
-- Sides: social. Offered: wanted_fan (fans to choose from, heeded where $named).
SELECT f.fan, f.followed_day, f.first_day, f.last_day
FROM social.fan AS f
LEFT JOIN (SELECT fan FROM wanted_fan WHERE $named) AS w ON w.fan = f.fan
LEFT JOIN (
    SELECT x.fan
    FROM social.fan_fact AS x
    LEFT JOIN (SELECT fan FROM wanted_fan WHERE $named) AS o ON o.fan = x.fan
    WHERE
        $fact <> '' AND x.best AND x.name = $fact AND ($fact_value = '' OR x.value = $fact_value)
        AND (NOT $named OR o.fan IS NOT NULL)
) AS k ON k.fan = f.fan
WHERE
    ($platform = '' OR f.platform = $platform)
    AND ($account = 0 OR f.account = $account)
    AND ($follows = '' OR $follows = CASE
        WHEN f.unfollowed_day IS NOT NULL THEN 'no'
        WHEN f.followed_day IS NOT NULL THEN 'yes'
        ELSE 'unknown'
    END)
    AND (NOT $named OR w.fan IS NOT NULL)
    AND ($fact = '' OR (k.fan IS NULL) = ($fact_value = ''))
