-- The verdicts of a campaign's plan on its persons, one page; '' asks for any. Sides: relationship.
SELECT person, identity, verdict, reasons, until, holdout, COUNT(*) OVER () AS total
FROM relationship.campaign_person
WHERE campaign = $campaign
  AND ($verdict = '' OR verdict = $verdict)
  AND ($reason = '' OR CONCAT('|', reasons, '|') LIKE CONCAT('%|', $reason, '|%'))
ORDER BY person
LIMIT $rows OFFSET $start
