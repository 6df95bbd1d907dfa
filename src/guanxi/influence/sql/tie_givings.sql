-- The occasions that fans gave others to be moved, told after row $after and up to $until: what they
-- shared, and what others did through them, once each, with the day of the first time. Sides: social.
WITH given AS (
    SELECT fan AS influencer, content, reference, day
    FROM social.engagement
    WHERE kind IN ('shared', 'reshared') AND fan IS NOT NULL AND (content IS NOT NULL OR reference IS NOT NULL)
        AND id > $after AND happened_at <= $until
    UNION ALL
    SELECT through, content, CASE WHEN content IS NULL OR kind = 'opened' THEN reference END, day
    FROM social.engagement
    WHERE kind IN ('opened', 'reshared', 'replied', 'mentioned')
        AND fan IS NOT NULL AND through IS NOT NULL AND through <> fan
        AND (content IS NOT NULL OR reference IS NOT NULL)
        AND id > $after AND happened_at <= $until
)
SELECT influencer, content, reference, MIN(day) AS first_day
FROM given
GROUP BY influencer, content, reference
ORDER BY influencer, content, reference
