-- How what each fan passes on resounds, up to $until: in all, by platform where it was taken up and by topic. On how many
-- occasions it moved somebody, how many of these were carried on to further people, and of those with a known moment of
-- sharing how many came within $within. The people expected to be moved directly (in millionths) are divided over the
-- occasions. Only of $moves occasions or more; the screened neither move nor are moved. Sides: social.
WITH taken AS (
    SELECT through AS fan, fan AS influenced, content, MIN(platform) AS platform, MIN(happened_at) AS taken_at
    FROM social.engagement AS e
    WHERE kind IN ('opened', 'reshared', 'replied', 'mentioned')
        AND fan IS NOT NULL AND through IS NOT NULL AND through <> fan AND content IS NOT NULL AND happened_at <= $until
        AND NOT EXISTS (SELECT 1 FROM social.screened AS x WHERE x.fan = e.through)
        AND NOT EXISTS (SELECT 1 FROM social.screened AS x WHERE x.fan = e.fan)
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
part AS (
    SELECT
        t.fan, t.platform, c.topic, COUNT(*) AS moves,
        SUM(CASE WHEN o.least <> t.fan OR o.greatest <> t.fan THEN 1 ELSE 0 END) AS carried,
        SUM(CASE WHEN t.taken_at >= g.given_at THEN 1 ELSE 0 END) AS timed,
        SUM(CASE WHEN t.taken_at >= g.given_at AND t.taken_at < g.given_at + $within THEN 1 ELSE 0 END) AS soon
    FROM taken AS t
    LEFT JOIN onward AS o ON o.fan = t.influenced AND o.content = t.content
    LEFT JOIN given AS g ON g.fan = t.fan AND g.content = t.content
    LEFT JOIN social.content AS c ON c.content = t.content
    GROUP BY t.fan, t.platform, c.topic
),
faced AS (
    SELECT fan, 'all' AS facet, '' AS value, moves, carried, timed, soon FROM part
    UNION ALL
    SELECT fan, 'platform' AS facet, platform AS value, moves, carried, timed, soon FROM part
    UNION ALL
    SELECT fan, 'topic' AS facet, topic AS value, moves, carried, timed, soon FROM part WHERE topic IS NOT NULL
),
summed AS (
    SELECT
        fan, facet, value, CAST(SUM(moves) AS BIGINT) AS moves, CAST(SUM(carried) AS BIGINT) AS carried,
        CAST(SUM(timed) AS BIGINT) AS timed, CAST(SUM(soon) AS BIGINT) AS soon
    FROM faced
    GROUP BY fan, facet, value
),
whole AS (
    SELECT fan, moves FROM summed WHERE facet = 'all'
),
expected AS (
    SELECT influencer, CAST(SUM(CAST(FLOOR(probability * 1000000) AS BIGINT)) AS BIGINT) AS millionths
    FROM social.tie AS t
    WHERE NOT EXISTS (SELECT 1 FROM social.screened AS x WHERE x.fan = t.influenced)
    GROUP BY influencer
)
SELECT
    s.fan, s.facet, s.value, CAST(FLOOR(CAST(e.millionths AS DOUBLE) * s.moves / w.moves) AS BIGINT) AS millionths,
    s.moves, s.carried, s.timed, s.soon
FROM summed AS s
JOIN whole AS w ON w.fan = s.fan
JOIN expected AS e ON e.influencer = s.fan
WHERE s.moves >= $moves
ORDER BY s.fan, s.facet, s.value
