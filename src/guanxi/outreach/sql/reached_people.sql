-- Who got exactly so many messages since a moment (0: any number), and when the last. Sides: relationship.
SELECT COALESCE(p.person, d.identity) AS person, COUNT(*) AS sends, MAX(d.reserved_at) AS moment
FROM relationship.delivery d
LEFT JOIN relationship.person p ON p.purpose = 'contact' AND p.identity = d.identity
WHERE d.reserved_at > $since AND d.state IN ('queued', 'leased', 'sent', 'unknown')
GROUP BY COALESCE(p.person, d.identity)
HAVING $sends = 0 OR COUNT(*) = $sends
