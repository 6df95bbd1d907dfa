-- Who came to each content to which somebody came through $fan, through whom, up to $until; who passed it on unmoved
-- stands with through = fan. Sides: social.
WITH moved AS (
    SELECT content, kind, fan, through, happened_at
    FROM social.engagement
    WHERE content IS NOT NULL AND fan IS NOT NULL AND happened_at <= $until
        AND (
            kind = 'shared'
            OR (kind IN ('opened', 'reshared', 'replied', 'mentioned') AND through IS NOT NULL AND through <> fan)
        )
),
theirs AS (
    SELECT DISTINCT content
    FROM moved
    WHERE kind <> 'shared' AND through = $fan
)
SELECT m.content, m.fan, CASE WHEN m.kind = 'shared' THEN m.fan ELSE m.through END AS through, m.happened_at
FROM moved AS m
JOIN theirs AS t ON t.content = m.content
