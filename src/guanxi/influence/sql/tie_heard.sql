-- Up to which row everything told up to $until is counted: the last one, or the last before one that lies ahead of
-- $until; and how many rows have a lower or equal number than $newest. Rows up to $newest lie before $until.
-- Sides: social.
SELECT
    COALESCE(MIN(CASE WHEN id > $newest AND happened_at > $until THEN id - 1 END), MAX(id), 0) AS newest,
    COUNT(CASE WHEN id <= $newest THEN id END) AS engagements
FROM social.engagement
