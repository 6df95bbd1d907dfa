-- When one in $every of the fans with a tie to or from somebody first did something with each content that names nobody.
-- No tie from or to the screened counts. Sides: social.
WITH counting AS (
    SELECT t.influencer, t.influenced
    FROM social.tie AS t
    WHERE NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = t.influencer)
        AND NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = t.influenced)
),
tied AS (
    SELECT influenced AS fan FROM counting WHERE MOD(influenced, $every) = 0
    UNION
    SELECT influencer AS fan FROM counting WHERE MOD(influencer, $every) = 0
)
SELECT e.fan, e.content, MIN(e.happened_at) AS did_at
FROM social.engagement AS e
JOIN tied AS t ON t.fan = e.fan
WHERE e.through IS NULL AND e.kind IN ('viewed', 'clicked', 'liked', 'commented') AND e.content IS NOT NULL
    AND e.happened_at <= $until
GROUP BY e.fan, e.content
ORDER BY e.fan, e.content
