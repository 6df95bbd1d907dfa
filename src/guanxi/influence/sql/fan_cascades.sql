-- Who came to each content to which somebody came through $fan, through whom, up to $until; who passed it on unmoved
-- stands with through = fan. Sides: social.
WITH theirs AS (
    SELECT DISTINCT content
    FROM social.cascade_step
    WHERE through = $fan AND fan <> through AND happened_at <= $until
)
SELECT s.content, s.fan, s.through, s.happened_at
FROM social.cascade_step AS s
JOIN theirs AS t ON t.content = s.content
WHERE s.happened_at <= $until
