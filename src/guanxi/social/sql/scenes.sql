-- How often each scene of a QR picture was scanned, by how many fans, and how many of them followed by it.
-- Sides: social.
SELECT
    e.account,
    e.reference AS code,
    COUNT(*) AS scans,
    COUNT(DISTINCT e.fan) AS fans,
    COUNT(DISTINCT CASE WHEN e.kind = 'followed' THEN e.fan END) AS followed,
    MAX(e.happened_at) AS last_at
FROM social.engagement AS e
WHERE e.reference LIKE 'q:%' AND e.kind IN ('followed', 'clicked')
GROUP BY e.account, e.reference
ORDER BY e.account, e.reference
