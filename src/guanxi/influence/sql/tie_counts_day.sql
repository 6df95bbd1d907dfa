-- The counts of tie_counts for the influencers that affected names: of the pairs that touched_pair names from their
-- occasions, of their other ties as these were counted before, nothing of them decayed; opportunities of all of them anew.
-- Sides: social. Offered: affected(influencer), touched_pair(influencer, influenced), day_weight(day, thousandths).
WITH move AS (
    SELECT
        o.influencer, o.influenced, o.alone,
        MIN(o.platform) AS platform, MIN(o.first_day) AS first_day, MAX(o.first_day) AS last_day,
        COUNT(CASE WHEN o.content IS NOT NULL THEN o.reference END) AS tokens,
        SUM(CASE WHEN o.content IS NOT NULL AND o.reference IS NOT NULL THEN w.thousandths ELSE 0 END) AS of_tokens,
        MAX(w.thousandths) AS latest
    FROM social.tie_move AS o
    JOIN day_weight AS w ON w.day = o.first_day
    JOIN touched_pair AS p ON p.influencer = o.influencer AND p.influenced = o.influenced
    GROUP BY o.influencer, o.influenced, o.content, CASE WHEN o.content IS NULL THEN o.reference END, o.alone
),
pair AS (
    SELECT
        influencer, influenced, MIN(platform) AS platform, CAST(SUM(GREATEST(tokens, 1)) AS BIGINT) AS successes,
        CAST(SUM(CASE WHEN tokens > 0 THEN of_tokens ELSE latest END) AS BIGINT) AS successes_decayed,
        MIN(first_day) AS first_day, MAX(last_day) AS last_day, MAX(CASE WHEN alone IS NULL THEN 0 ELSE 1 END) AS uncounted
    FROM move
    GROUP BY influencer, influenced
    UNION ALL
    SELECT
        t.influencer, t.influenced, t.platform, t.successes, 1000 * t.successes AS successes_decayed,
        t.first_day, t.last_day, CASE WHEN t.opportunities = 0 THEN 1 ELSE 0 END
    FROM social.tie AS t
    WHERE t.influencer IN (SELECT influencer FROM affected)
        AND NOT EXISTS (SELECT 1 FROM touched_pair AS p WHERE p.influencer = t.influencer AND p.influenced = t.influenced)
),
giving AS (
    SELECT
        o.influencer, COUNT(CASE WHEN o.content IS NOT NULL THEN o.reference END) AS tokens,
        SUM(CASE WHEN o.content IS NOT NULL AND o.reference IS NOT NULL THEN w.thousandths ELSE 0 END) AS of_tokens,
        MAX(w.thousandths) AS latest
    FROM social.tie_giving AS o
    JOIN day_weight AS w ON w.day = o.first_day
    WHERE o.influencer IN (SELECT influencer FROM affected)
    GROUP BY o.influencer, o.content, CASE WHEN o.content IS NULL THEN o.reference END
),
given AS (
    SELECT
        influencer, CAST(SUM(GREATEST(tokens, 1)) AS BIGINT) AS opportunities,
        CAST(SUM(CASE WHEN tokens > 0 THEN of_tokens ELSE latest END) AS BIGINT) AS opportunities_decayed
    FROM giving
    GROUP BY influencer
),
known AS (
    SELECT influencer, MAX(uncounted) AS uncounted
    FROM pair
    GROUP BY influencer
)
SELECT
    p.influencer, p.influenced, p.platform, p.successes,
    CASE WHEN k.uncounted = 0 THEN g.opportunities ELSE 0 END AS opportunities, p.first_day, p.last_day,
    p.successes_decayed, CASE WHEN k.uncounted = 0 THEN g.opportunities_decayed ELSE 0 END AS opportunities_decayed
FROM pair AS p
JOIN known AS k ON k.influencer = p.influencer
LEFT JOIN given AS g ON g.influencer = p.influencer
ORDER BY p.influencer, p.influenced
