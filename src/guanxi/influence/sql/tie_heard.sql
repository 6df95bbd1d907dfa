-- How many rows are numbered up to $newest, which all lie before $until; and up to which row everything told up to $until
-- goes: the last one, or the last before one that lies ahead of $until. Sides: social.
WITH kept AS (
    SELECT COUNT(*) AS engagements
    FROM social.engagement
    WHERE id <= $newest
),
further AS (
    SELECT MAX(id) AS last_told, MIN(CASE WHEN happened_at > $until THEN id - 1 END) AS last_before
    FROM social.engagement
    WHERE id > $newest
)
SELECT k.engagements, COALESCE(f.last_before, f.last_told, $newest) AS newest
FROM kept AS k
CROSS JOIN further AS f
