-- How many rows are numbered above $after and up to $newest. Sides: social.
SELECT COUNT(*) AS engagements FROM social.engagement WHERE id > $after AND id <= $newest
