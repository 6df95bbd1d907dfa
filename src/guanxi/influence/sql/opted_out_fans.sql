-- The fans who refused to be profiled or to be spoken to. Sides: relationship.
SELECT DISTINCT identity // 2 AS fan
FROM (
    SELECT identity FROM relationship.no_profiling
    UNION ALL
    SELECT identity FROM relationship.suppressed
) AS refused
WHERE identity % 2 = 0
ORDER BY fan
