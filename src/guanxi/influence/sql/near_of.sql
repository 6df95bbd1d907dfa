-- The fans who share a tie with $fan, either way; none of them screened. Sides: social.
WITH around AS (
    SELECT influenced AS fan FROM social.tie WHERE influencer = $fan
    UNION
    SELECT influencer AS fan FROM social.tie WHERE influenced = $fan
)
SELECT a.fan
FROM around AS a
WHERE NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = a.fan)
ORDER BY a.fan
