-- Up to which engagement messages to the brand are kept beside the others; 0 before the first round.
-- Sides: social.
SELECT COALESCE(MAX(id), 0) AS id
FROM social.talk
