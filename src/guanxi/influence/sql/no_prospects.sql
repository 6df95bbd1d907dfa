-- The fans whom nobody looks at as prospects: known customers, by whatever link, and those who asked not to be profiled.
-- Sides: relationship.
SELECT fan FROM relationship.link
UNION
SELECT identity // 2 AS fan FROM relationship.no_profiling WHERE identity % 2 = 0
ORDER BY fan
