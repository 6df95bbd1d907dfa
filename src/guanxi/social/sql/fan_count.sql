-- How many fans a reader asked for: those of fan_list, whose scores leave nobody out.
-- Sides: social. Offered: wanted_fan (fans to choose from, heeded where $named).
SELECT COUNT(*) AS fans
FROM social.fan AS f
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
