-- For each fan who moved $people or more, and of these $strong percent or more in turn or idle: whom they moved; how many of
-- these moved them in turn; how many never did anything of their own; how many openings up to $until came after a known
-- moment of sharing, and how many of these within $within. Beside it, how many of all who were ever moved did nothing of
-- their own. Two signs make a suspect: moments are not asked where neither other one can speak. Sides: social.
WITH pair AS (
    SELECT DISTINCT influencer, influenced FROM social.tie_move
),
crowd AS (
    SELECT influencer AS fan, COUNT(*) AS people
    FROM pair
    GROUP BY influencer
    HAVING COUNT(*) >= $people
),
moved AS (
    SELECT t.influencer AS fan, t.influenced
    FROM pair AS t
    JOIN crowd AS c ON c.fan = t.influencer
),
lively AS (
    SELECT DISTINCT fan
    FROM social.engagement
    WHERE through IS NULL AND fan IS NOT NULL AND happened_at <= $until
        AND kind IN (
            'clicked', 'viewed', 'liked', 'commented', 'replied', 'mentioned', 'messaged', 'answered', 'attended'
        )
),
around AS (
    SELECT
        m.fan, COUNT(*) AS people, COUNT(b.influencer) AS mutual,
        SUM(CASE WHEN l.fan IS NULL THEN 1 ELSE 0 END) AS idle
    FROM moved AS m
    LEFT JOIN pair AS b ON b.influencer = m.influenced AND b.influenced = m.fan
    LEFT JOIN lively AS l ON l.fan = m.influenced
    GROUP BY m.fan
    HAVING COUNT(b.influencer) * 100 >= COUNT(*) * $strong
        OR SUM(CASE WHEN l.fan IS NULL THEN 1 ELSE 0 END) * 100 >= COUNT(*) * $strong
),
given AS (
    SELECT e.fan, e.content, COALESCE(e.reference, '') AS reference, MIN(e.happened_at) AS given_at
    FROM social.engagement AS e
    JOIN around AS c ON c.fan = e.fan
    WHERE e.kind IN ('shared', 'reshared') AND e.content IS NOT NULL AND e.happened_at <= $until
    GROUP BY e.fan, e.content, COALESCE(e.reference, '')
),
taken AS (
    SELECT
        e.through AS fan, e.fan AS influenced, e.content, COALESCE(e.reference, '') AS reference,
        MIN(e.happened_at) AS taken_at
    FROM social.engagement AS e
    JOIN around AS c ON c.fan = e.through
    WHERE e.kind = 'opened' AND e.fan IS NOT NULL AND e.fan <> e.through AND e.happened_at <= $until
    GROUP BY e.through, e.fan, e.content, COALESCE(e.reference, '')
),
pace AS (
    SELECT
        t.fan, COUNT(*) AS timed,
        SUM(CASE WHEN t.taken_at < g.given_at + $within THEN 1 ELSE 0 END) AS soon
    FROM taken AS t
    JOIN given AS g ON g.fan = t.fan AND g.content = t.content AND g.reference = t.reference
    WHERE t.taken_at > g.given_at
    GROUP BY t.fan
),
everybody AS (
    SELECT DISTINCT influenced AS fan FROM pair
),
usual AS (
    SELECT COUNT(*) AS moved_in_all, SUM(CASE WHEN l.fan IS NULL THEN 1 ELSE 0 END) AS idle_in_all
    FROM everybody AS x
    LEFT JOIN lively AS l ON l.fan = x.fan
)
SELECT
    a.fan, a.people, a.mutual, CAST(a.idle AS BIGINT) AS idle,
    COALESCE(p.timed, 0) AS timed, CAST(COALESCE(p.soon, 0) AS BIGINT) AS soon,
    u.moved_in_all, CAST(u.idle_in_all AS BIGINT) AS idle_in_all
FROM around AS a
CROSS JOIN usual AS u
LEFT JOIN pace AS p ON p.fan = a.fan
ORDER BY a.fan
