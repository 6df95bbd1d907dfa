-- How what each fan passes on resounds, up to $until: in all, by platform where it was taken up and by topic. People moved,
-- how many of them are expected to be moved again by it (in millionths: a tie's chance, divided over its occasions), on how
-- many occasions, how many were carried on to further people, and of those with a known moment of sharing how many came
-- within a day. Only of $moves occasions or more. Sides: social.
WITH taken AS (
    SELECT through AS fan, fan AS influenced, content, MIN(platform) AS platform, MIN(happened_at) AS taken_at
    FROM social.engagement
    WHERE kind IN ('opened', 'reshared', 'replied', 'mentioned')
        AND fan IS NOT NULL AND through IS NOT NULL AND through <> fan AND content IS NOT NULL AND happened_at <= $until
    GROUP BY through, fan, content
),
given AS (
    SELECT fan, content, MIN(happened_at) AS given_at
    FROM social.engagement
    WHERE kind IN ('shared', 'reshared') AND fan IS NOT NULL AND content IS NOT NULL AND happened_at <= $until
    GROUP BY fan, content
),
onward AS (
    SELECT fan, content, MIN(influenced) AS least, MAX(influenced) AS greatest
    FROM taken
    GROUP BY fan, content
),
pair AS (
    SELECT fan, influenced, COUNT(*) AS moves
    FROM taken
    GROUP BY fan, influenced
),
chance AS (
    SELECT p.fan, p.influenced, CAST(FLOOR(t.probability * 1000000 / p.moves) AS BIGINT) AS millionths
    FROM pair AS p
    JOIN social.tie AS t ON t.influencer = p.fan AND t.influenced = p.influenced
),
move AS (
    SELECT
        t.fan, t.influenced, t.platform, c.topic, h.millionths,
        CASE WHEN o.least <> t.fan OR o.greatest <> t.fan THEN 1 ELSE 0 END AS carried,
        CASE WHEN t.taken_at >= g.given_at THEN 1 ELSE 0 END AS timed,
        CASE WHEN t.taken_at >= g.given_at AND t.taken_at < g.given_at + $within THEN 1 ELSE 0 END AS soon
    FROM taken AS t
    JOIN chance AS h ON h.fan = t.fan AND h.influenced = t.influenced
    LEFT JOIN onward AS o ON o.fan = t.influenced AND o.content = t.content
    LEFT JOIN given AS g ON g.fan = t.fan AND g.content = t.content
    LEFT JOIN social.content AS c ON c.content = t.content
),
faced AS (
    SELECT fan, 'all' AS facet, '' AS value, influenced, millionths, carried, timed, soon FROM move
    UNION ALL
    SELECT fan, 'platform' AS facet, platform AS value, influenced, millionths, carried, timed, soon FROM move
    UNION ALL
    SELECT fan, 'topic' AS facet, topic AS value, influenced, millionths, carried, timed, soon
    FROM move
    WHERE topic IS NOT NULL
)
SELECT
    fan, facet, value, COUNT(DISTINCT influenced) AS people, CAST(SUM(millionths) AS BIGINT) AS millionths,
    COUNT(*) AS moves, CAST(SUM(carried) AS BIGINT) AS carried, CAST(SUM(timed) AS BIGINT) AS timed,
    CAST(SUM(soon) AS BIGINT) AS soon
FROM faced
GROUP BY fan, facet, value
HAVING COUNT(*) >= $moves
ORDER BY fan, facet, value
