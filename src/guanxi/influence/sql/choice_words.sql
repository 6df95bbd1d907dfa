-- The topics of contents and the cities of fans that a choice may be narrowed to, most frequent first. Sides: social.
WITH counted AS (
    SELECT 'topic' AS kind, topic AS word, COUNT(*) AS n
    FROM social.content WHERE topic IS NOT NULL GROUP BY topic
    UNION ALL
    SELECT 'city', value, COUNT(*)
    FROM social.fan_fact WHERE best AND name = 'city' GROUP BY value
),
ranked AS (
    SELECT kind, word, ROW_NUMBER() OVER (PARTITION BY kind ORDER BY n DESC, word) AS place FROM counted
)
SELECT kind, word FROM ranked WHERE place <= $rows ORDER BY kind, place
