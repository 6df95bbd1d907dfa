-- The days on which anybody moved somebody or gave occasion to. Sides: social.
SELECT first_day AS day FROM social.tie_move
UNION
SELECT first_day FROM social.tie_giving
ORDER BY day
