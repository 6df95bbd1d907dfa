-- How often each fan did what on each day, how deep and about what; how many named others were moved through the
-- fan's shares, directly and at the second hop (each once a month and kind); and the tenths of a point for it.
-- Sides: social. Offered: point (the table of weights by kind, depth and a topic's per cent), topic_weight.
WITH heard AS (
    SELECT
        e.fan,
        e.through,
        e.kind,
        e.content,
        e.day,
        e.happened_at,
        CAST(DATE_TRUNC('month', e.day) AS DATE) AS month,
        COALESCE(c.topic, '') AS topic,
        CASE
            WHEN e.kind <> 'viewed' OR r.id IS NULL THEN ''
            WHEN r.dwell_seconds >= $deep_seconds OR r.read_percent >= $deep_percent THEN 'deep'
            WHEN r.dwell_seconds >= $read_seconds OR r.read_percent >= $read_percent THEN 'read'
            ELSE 'glance'
        END AS depth
    FROM social.engagement AS e
    LEFT JOIN social.reading AS r ON r.id = e.id
    LEFT JOIN social.content AS c ON c.content = e.content
    WHERE e.fan IS NOT NULL AND e.happened_at <= $until
),
did AS (
    SELECT fan, day, kind, depth, topic, COUNT(*) AS n
    FROM heard
    GROUP BY fan, day, kind, depth, topic
),
led AS (
    SELECT h.through, h.fan, h.kind, h.content, h.day, h.month, h.topic, h.happened_at
    FROM heard AS h
    JOIN point AS p ON p.kind = h.kind AND p.depth = '' AND p.percent = 100
    WHERE p.moved > 0 AND h.through IS NOT NULL AND h.through <> h.fan
),
direct AS (
    SELECT
        through AS fan,
        day,
        kind,
        topic,
        ROW_NUMBER() OVER (PARTITION BY through, fan, month, kind ORDER BY happened_at, topic) AS place
    FROM led
),
step AS (
    SELECT through, fan, content, MIN(happened_at) AS first_at
    FROM led
    WHERE content IS NOT NULL
    GROUP BY through, fan, content
),
beyond AS (
    SELECT
        s.through AS fan,
        l.day,
        l.kind,
        l.topic,
        ROW_NUMBER() OVER (PARTITION BY s.through, l.fan, l.month, l.kind ORDER BY l.happened_at, l.topic) AS place
    FROM step AS s
    JOIN led AS l ON l.through = s.fan AND l.content = s.content
    LEFT JOIN step AS own ON own.through = s.through AND own.fan = l.fan AND own.content = l.content
    WHERE l.happened_at >= s.first_at AND l.fan <> s.through AND own.fan IS NULL
),
counted AS (
    SELECT fan, day, kind, depth, topic, n, 0 AS moved, 0 AS second
    FROM did
    UNION ALL
    SELECT fan, day, kind, '' AS depth, topic, 0 AS n, COUNT(*) AS moved, 0 AS second
    FROM direct
    WHERE place = 1
    GROUP BY fan, day, kind, topic
    UNION ALL
    SELECT fan, day, kind, '' AS depth, topic, 0 AS n, 0 AS moved, COUNT(*) AS second
    FROM beyond
    WHERE place = 1
    GROUP BY fan, day, kind, topic
),
summed AS (
    SELECT
        fan,
        day,
        kind,
        depth,
        topic,
        CAST(SUM(n) AS BIGINT) AS n,
        CAST(SUM(moved) AS BIGINT) AS moved,
        CAST(SUM(second) AS BIGINT) AS second
    FROM counted
    GROUP BY fan, day, kind, depth, topic
)
SELECT
    s.fan,
    s.day,
    CAST(DATE_TRUNC('month', s.day) AS DATE) AS month,
    s.kind,
    s.depth,
    s.topic,
    s.n,
    s.moved,
    s.second,
    COALESCE(s.n * p.daily, 0) AS daily,
    COALESCE(s.n * p.campaign + s.moved * p.moved + s.second * p.second, 0) AS campaign
FROM summed AS s
LEFT JOIN topic_weight AS t ON t.topic = s.topic
LEFT JOIN point AS p ON p.kind = s.kind AND p.depth = s.depth AND p.percent = COALESCE(t.percent, 100)
ORDER BY s.fan, s.day, s.kind, s.depth, s.topic
