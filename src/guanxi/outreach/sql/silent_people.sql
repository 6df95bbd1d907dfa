-- Towards whom our silence grows too long between two moments, and when exactly. Sides: relationship.
SELECT s.person, s.due_at AS moment
FROM (
    SELECT COALESCE(p.person, d.identity) AS person,
           MAX(d.reserved_at) + $due_after AS due_at
    FROM relationship.delivery d
    LEFT JOIN relationship.person p ON p.purpose = 'contact' AND p.identity = d.identity
    WHERE d.state IN ('queued', 'leased', 'sent', 'unknown')
    GROUP BY COALESCE(p.person, d.identity)
) s
WHERE s.due_at >= $now AND s.due_at < $horizon
