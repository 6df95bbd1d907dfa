-- What is known of the fans offered as wanted(fan): weight, people moved through those they move, community; on how many
-- occasions they moved somebody, and of those whose occasions were counted, how many there were. Sides: social.
-- Offered: wanted.
WITH told AS (
    SELECT
        t.influencer AS fan,
        SUM(t.successes) AS successes,
        SUM(CASE WHEN t.opportunities > 0 THEN t.successes ELSE 0 END) AS counted,
        SUM(t.opportunities) AS opportunities
    FROM social.tie AS t
    JOIN wanted AS w ON w.fan = t.influencer
    WHERE t.influenced NOT IN (SELECT fan FROM social.screened)
    GROUP BY t.influencer
)
SELECT
    w.fan, COALESCE(x.weight, 0) AS weight, CAST(COALESCE(x.second, 0) AS BIGINT) AS second,
    CAST(COALESCE(t.successes, 0) AS BIGINT) AS successes, CAST(COALESCE(t.counted, 0) AS BIGINT) AS counted,
    CAST(COALESCE(t.opportunities, 0) AS BIGINT) AS opportunities,
    c.community, CAST(COALESCE(c.size, 0) AS BIGINT) AS size
FROM wanted AS w
LEFT JOIN social.weight AS x ON x.fan = w.fan
LEFT JOIN told AS t ON t.fan = w.fan
LEFT JOIN social.community AS c ON c.fan = w.fan
ORDER BY w.fan
