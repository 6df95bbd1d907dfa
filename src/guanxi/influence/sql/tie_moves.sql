-- The occasions on which one fan moved another, told after row $after and up to $until: once each,
-- with the day of the first time. An occasion is a content, or one share of it where the token that was opened names
-- it; without a content a reference; without either the engagement itself. Sides: social.
WITH moved AS (
    SELECT
        through AS influencer, fan AS influenced, platform, content,
        CASE WHEN content IS NULL OR kind = 'opened' THEN reference END AS reference,
        CASE WHEN content IS NULL AND reference IS NULL THEN id END AS alone,
        day
    FROM social.engagement
    WHERE kind IN ('opened', 'reshared', 'replied', 'mentioned')
        AND fan IS NOT NULL AND through IS NOT NULL AND through <> fan
        AND id > $after AND happened_at <= $until
)
SELECT influencer, influenced, MIN(platform) AS platform, content, reference, alone, MIN(day) AS first_day
FROM moved
GROUP BY influencer, influenced, content, reference, alone
ORDER BY influencer, influenced, content, reference, alone
