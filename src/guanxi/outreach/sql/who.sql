-- The verdicts of a campaign's plan on its persons with the bands they stand in now, one page; '' asks for any.
-- $bands: those of these bands, between bars (nothing between two of them is no band), whom the plan does not drop.
-- Sides: relationship, social (bands).
SELECT c.person, c.identity, c.verdict, c.reasons, c.until, c.holdout, COALESCE(w.band, '') AS band,
       COUNT(*) OVER () AS total
FROM relationship.campaign_person c
LEFT JOIN social.weight w ON w.fan * 2 = c.identity
WHERE c.campaign = $campaign
  AND ($verdict = '' OR c.verdict = $verdict)
  AND ($reason = '' OR CONCAT('|', c.reasons, '|') LIKE CONCAT('%|', $reason, '|%'))
  AND ($bands = '' OR (c.verdict <> 'drop' AND $bands LIKE CONCAT('%|', COALESCE(w.band, ''), '|%')))
ORDER BY c.person
LIMIT $rows OFFSET $start
