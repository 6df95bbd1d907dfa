-- Every identity of every person that has an identity in a segment. Sides: relationship.
SELECT q.person, q.person AS identity
FROM (
    SELECT DISTINCT COALESCE(p.person, m.identity) AS person
    FROM relationship.segment_member m
    LEFT JOIN relationship.person p ON p.purpose = 'contact' AND p.identity = m.identity
    WHERE m.segment = $segment
) q
UNION
SELECT p.person, p.identity
FROM relationship.person p
WHERE p.purpose = 'contact'
  AND p.person IN (
    SELECT COALESCE(o.person, m.identity)
    FROM relationship.segment_member m
    LEFT JOIN relationship.person o ON o.purpose = 'contact' AND o.identity = m.identity
    WHERE m.segment = $segment
  )
