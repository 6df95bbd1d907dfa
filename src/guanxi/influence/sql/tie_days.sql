-- The days on which anybody moved somebody or gave occasion to, with on how many occasions first. Sides: social.
WITH told AS (
    SELECT first_day AS day, 1 AS move, 0 AS giving FROM social.tie_move
    UNION ALL
    SELECT first_day AS day, 0 AS move, 1 AS giving FROM social.tie_giving
)
SELECT day, CAST(SUM(move) AS BIGINT) AS moves, CAST(SUM(giving) AS BIGINT) AS givings
FROM told
GROUP BY day
ORDER BY day
