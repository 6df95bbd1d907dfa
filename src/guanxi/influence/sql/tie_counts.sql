-- For each pair, on how many occasions one moved the other, and how many occasions the influencer gave: 0 where some had
-- neither content nor reference, for then nobody knows. Also both decayed, in thousandths, by the weight that day_weight
-- gives the day. Sides: social. Offered: day_weight(day, thousandths).
WITH move AS (
    SELECT
        o.influencer, o.influenced, o.content,
        CASE WHEN o.content IS NULL THEN o.reference END AS reference, o.alone,
        MIN(o.platform) AS platform, MIN(o.first_day) AS first_day, MAX(o.first_day) AS last_day,
        COUNT(CASE WHEN o.content IS NOT NULL THEN o.reference END) AS tokens,
        SUM(CASE WHEN o.content IS NOT NULL AND o.reference IS NOT NULL THEN w.thousandths ELSE 0 END) AS of_tokens,
        MAX(w.thousandths) AS latest
    FROM social.tie_move AS o
    JOIN day_weight AS w ON w.day = o.first_day
    GROUP BY o.influencer, o.influenced, o.content, CASE WHEN o.content IS NULL THEN o.reference END, o.alone
),
pair AS (
    SELECT
        influencer, influenced, MIN(platform) AS platform, MIN(first_day) AS first_day, MAX(last_day) AS last_day,
        CAST(SUM(GREATEST(tokens, 1)) AS BIGINT) AS successes,
        CAST(SUM(CASE WHEN tokens > 0 THEN of_tokens ELSE latest END) AS BIGINT) AS successes_decayed,
        MAX(alone) AS alone
    FROM move
    GROUP BY influencer, influenced
),
giving AS (
    SELECT
        o.influencer, o.content, CASE WHEN o.content IS NULL THEN o.reference END AS reference,
        COUNT(CASE WHEN o.content IS NOT NULL THEN o.reference END) AS tokens,
        SUM(CASE WHEN o.content IS NOT NULL AND o.reference IS NOT NULL THEN w.thousandths ELSE 0 END) AS of_tokens,
        MAX(w.thousandths) AS latest
    FROM social.tie_giving AS o
    JOIN day_weight AS w ON w.day = o.first_day
    GROUP BY o.influencer, o.content, CASE WHEN o.content IS NULL THEN o.reference END
),
given AS (
    SELECT
        influencer, CAST(SUM(GREATEST(tokens, 1)) AS BIGINT) AS opportunities,
        CAST(SUM(CASE WHEN tokens > 0 THEN of_tokens ELSE latest END) AS BIGINT) AS opportunities_decayed
    FROM giving
    GROUP BY influencer
),
uncounted AS (
    SELECT influencer, MAX(alone) AS alone
    FROM pair
    GROUP BY influencer
)
SELECT
    p.influencer, p.influenced, p.platform, p.successes,
    CASE WHEN u.alone IS NULL THEN g.opportunities ELSE 0 END AS opportunities,
    p.first_day, p.last_day, p.successes_decayed,
    CASE WHEN u.alone IS NULL THEN g.opportunities_decayed ELSE 0 END AS opportunities_decayed
FROM pair AS p
JOIN uncounted AS u ON u.influencer = p.influencer
LEFT JOIN given AS g ON g.influencer = p.influencer
ORDER BY p.influencer, p.influenced
