-- For each pair, on how many occasions one moved the other up to $until, and how many occasions the influencer gave.
-- An occasion is a content; without one a reference (share token); without either the engagement itself, and then nobody
-- knows how many occasions there were: opportunities are 0. Sides: social.
WITH moved AS (
    SELECT
        through AS influencer, fan AS influenced, platform, day, content,
        CASE WHEN content IS NULL THEN reference END AS reference,
        CASE WHEN content IS NULL AND reference IS NULL THEN id END AS alone
    FROM social.engagement
    WHERE kind IN ('opened', 'reshared', 'replied', 'mentioned')
        AND fan IS NOT NULL AND through IS NOT NULL AND through <> fan AND happened_at <= $until
),
occasion AS (
    SELECT
        influencer, influenced, content, reference, alone,
        MIN(platform) AS platform, MIN(day) AS first_day, MAX(day) AS last_day
    FROM moved
    GROUP BY influencer, influenced, content, reference, alone
),
pair AS (
    SELECT
        influencer, influenced, MIN(platform) AS platform, COUNT(*) AS successes,
        MIN(first_day) AS first_day, MAX(last_day) AS last_day
    FROM occasion
    GROUP BY influencer, influenced
),
given AS (
    SELECT influencer, content, reference, alone FROM occasion
    UNION ALL
    SELECT fan, content, CASE WHEN content IS NULL THEN reference END, NULL
    FROM social.engagement
    WHERE kind IN ('shared', 'reshared') AND fan IS NOT NULL AND happened_at <= $until
        AND (content IS NOT NULL OR reference IS NOT NULL)
),
one_given AS (
    SELECT influencer, content, reference, MAX(alone) AS alone
    FROM given
    GROUP BY influencer, content, reference
),
influencer AS (
    SELECT influencer, CASE WHEN MAX(alone) IS NULL THEN COUNT(*) ELSE 0 END AS opportunities
    FROM one_given
    GROUP BY influencer
)
SELECT
    p.influencer, p.influenced, p.platform, p.successes, i.opportunities, p.first_day, p.last_day
FROM pair AS p
JOIN influencer AS i ON i.influencer = p.influencer
ORDER BY p.influencer, p.influenced
