-- Up to which row the engagements told so far go, and how many rows that is, of those up to row $newest (all: -1).
-- Sides: social.
SELECT COALESCE(MAX(id), 0) AS newest, COUNT(*) AS engagements
FROM social.engagement
WHERE id <= $newest OR $newest = -1
