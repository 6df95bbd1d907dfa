-- The fans who look like a share farm or are tagged so. Sides: social.
SELECT fan FROM social.screened ORDER BY fan
