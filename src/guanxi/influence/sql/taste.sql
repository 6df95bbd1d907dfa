-- The topic each fan engaged with most up to $until, and of how many engagements with a topic known. Sides: social.
WITH counted AS (
    SELECT e.fan, c.topic, COUNT(*) AS n
    FROM social.engagement AS e
    JOIN social.content AS c ON c.content = e.content
    WHERE e.fan IS NOT NULL AND c.topic IS NOT NULL AND e.happened_at <= $until
    GROUP BY e.fan, c.topic
),
ranked AS (
    SELECT
        fan, topic, n,
        SUM(n) OVER (PARTITION BY fan) AS of_all,
        ROW_NUMBER() OVER (PARTITION BY fan ORDER BY n DESC, topic) AS place
    FROM counted
)
SELECT fan, topic, n, CAST(of_all AS BIGINT) AS of_all
FROM ranked
WHERE place = 1
ORDER BY fan
