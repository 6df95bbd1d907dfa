-- Fans whose last message, heard since $from_day and up to $until, waits for an answer: the conversation's first and last
-- moment (no pause of $pause within it) and its messages; whether the platform still lets somebody answer; and of how many
-- like these (band, open or not) this is one, how many of them beyond the promise. The $rows longest waiting of each such.
-- Talk in groups waits for nobody. $fan: one fan alone, 0 for all. $kept: up to which engagement the last round kept
-- messages beside the others. Sides: social.
-- Offered: answer(fan, answered_at), promise(band, late_before), reply_window(platform, open_after).
WITH settled AS (
    SELECT fan, MAX(answered_at) AS answered_at FROM answer GROUP BY fan
),
heard AS (
    SELECT id, fan, platform, happened_at
    FROM social.talk
    WHERE day >= $from_day AND id <= $kept
    UNION ALL
    SELECT e.id, e.fan, e.platform, e.happened_at
    FROM social.engagement AS e
    WHERE e.kind = 'messaged' AND e.fan IS NOT NULL AND e.day >= $from_day AND e.id > $kept
        AND NOT EXISTS (
            SELECT 1 FROM social.group_talk AS g
            WHERE g.fan = e.fan AND g.happened_at = e.happened_at AND g.kind = 'messaged' AND g.day >= $from_day
        )
),
said AS (
    SELECT h.fan, h.platform, h.id, h.happened_at
    FROM heard AS h
    LEFT JOIN settled AS a ON a.fan = h.fan
    WHERE ($fan = 0 OR h.fan = $fan) AND h.happened_at <= $until
        AND (a.answered_at IS NULL OR h.happened_at > a.answered_at)
),
spaced AS (
    SELECT
        fan, platform, happened_at,
        LAG(happened_at) OVER (PARTITION BY fan ORDER BY happened_at, id) AS before_it,
        ROW_NUMBER() OVER (PARTITION BY fan ORDER BY happened_at, id) AS place
    FROM said
),
turned AS (
    SELECT
        fan, platform, happened_at,
        CASE WHEN before_it IS NULL OR before_it < happened_at - $pause THEN place END AS begins
    FROM spaced
),
begun AS (
    SELECT
        fan, MIN(platform) AS platform, MAX(happened_at) AS last_at,
        MAX(CASE WHEN begins IS NOT NULL THEN happened_at END) AS first_at,
        COUNT(*) + 1 - MAX(begins) AS messages
    FROM turned
    GROUP BY fan
),
standing AS (
    SELECT
        b.fan, b.platform, COALESCE(w.band, '') AS band, b.first_at, b.last_at, b.messages,
        CASE WHEN r.open_after IS NULL OR b.last_at > r.open_after THEN TRUE ELSE FALSE END AS is_open,
        CASE WHEN b.first_at < p.late_before THEN 1 ELSE 0 END AS is_late
    FROM begun AS b
    LEFT JOIN social.weight AS w ON w.fan = b.fan
    LEFT JOIN promise AS p ON p.band = w.band
    LEFT JOIN reply_window AS r ON r.platform = b.platform
),
ranked AS (
    SELECT
        s.*, COUNT(*) OVER (PARTITION BY s.band, s.is_open) AS alike,
        CAST(SUM(s.is_late) OVER (PARTITION BY s.band, s.is_open) AS BIGINT) AS late,
        ROW_NUMBER() OVER (PARTITION BY s.band, s.is_open ORDER BY s.first_at, s.fan) AS place
    FROM standing AS s
)
SELECT fan, platform, band, first_at, last_at, messages, is_open, alike, late
FROM ranked
WHERE place <= $rows
ORDER BY first_at, fan
