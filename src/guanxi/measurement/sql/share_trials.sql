-- By trial, arm and number of people brought: how many viewers brought so many to the content within $days days of
-- drawing, and what became of these people within $days days of their coming.
-- Sides: social, relationship. Nothing after $until counts; who drew less than $days days before it is not closed.
WITH arm AS (
    SELECT
        trial, percent, content, platform, fan, drawn_at,
        CASE WHEN invited THEN 1 ELSE 0 END AS invited,
        CASE WHEN drawn_at + INTERVAL 1 DAY * $days <= $until THEN 1 ELSE 0 END AS closed
    FROM social.share_arm
    WHERE drawn_at <= $until
),
came AS (
    SELECT a.trial, a.fan, e.fan AS reader, a.content, MIN(e.happened_at) AS came_at
    FROM arm AS a
    JOIN social.engagement AS e ON e.through = a.fan AND e.content = a.content
    WHERE e.kind = 'opened'
        AND e.fan <> a.fan
        AND e.happened_at > a.drawn_at
        AND e.happened_at <= a.drawn_at + INTERVAL 1 DAY * $days
        AND e.happened_at <= $until
    GROUP BY a.trial, a.fan, e.fan, a.content
),
went_on AS (
    SELECT
        c.trial, c.fan, c.reader,
        MAX(CASE WHEN e.kind IN ('shared', 'reshared') AND e.content = c.content THEN 1 ELSE 0 END) AS passed_on,
        MAX(1) AS engaged
    FROM came AS c
    JOIN social.engagement AS e ON e.fan = c.reader
    WHERE e.happened_at >= c.came_at
        AND e.happened_at <= c.came_at + INTERVAL 1 DAY * $days
        AND e.happened_at <= $until
        AND e.kind IN (
            'clicked', 'liked', 'commented', 'replied', 'mentioned', 'messaged',
            'shared', 'reshared', 'joined', 'answered', 'attended', 'followed'
        )
    GROUP BY c.trial, c.fan, c.reader
),
brought AS (
    SELECT
        c.trial, c.fan,
        COUNT(*) AS brought,
        SUM(COALESCE(w.passed_on, 0)) AS passed_on,
        SUM(COALESCE(w.engaged, 0)) AS engaged
    FROM came AS c
    LEFT JOIN went_on AS w ON w.trial = c.trial AND w.fan = c.fan AND w.reader = c.reader
    GROUP BY c.trial, c.fan
)
SELECT
    a.trial,
    a.percent,
    a.content,
    a.platform,
    a.invited,
    a.closed,
    COALESCE(b.brought, 0) AS brought,
    COUNT(*) AS viewers,
    SUM(COALESCE(b.passed_on, 0)) AS passed_on,
    SUM(COALESCE(b.engaged, 0)) AS engaged,
    MIN(a.drawn_at) AS first_drawn,
    CAST($until AS TIMESTAMPTZ) AS until
FROM arm AS a
LEFT JOIN brought AS b ON b.trial = a.trial AND b.fan = a.fan
GROUP BY a.trial, a.percent, a.content, a.platform, a.invited, a.closed, COALESCE(b.brought, 0)
ORDER BY a.trial, a.invited, a.closed, brought
