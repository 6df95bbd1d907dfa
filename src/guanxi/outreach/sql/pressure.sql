-- How many persons got how many messages since a moment. Sides: relationship.
SELECT s.sends, COUNT(*) AS persons
FROM (
    SELECT COALESCE(p.person, d.identity) AS person, COUNT(*) AS sends
    FROM relationship.delivery d
    LEFT JOIN relationship.person p ON p.purpose = 'contact' AND p.identity = d.identity
    WHERE d.reserved_at > $since AND d.state IN ('queued', 'leased', 'sent', 'unknown')
    GROUP BY COALESCE(p.person, d.identity)
) s
GROUP BY s.sends
ORDER BY s.sends
