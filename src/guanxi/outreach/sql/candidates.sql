-- Whom a campaign's plan lets pass, held until now, or held for an opening that may have moved; of these those to whom
-- the campaign is open now: by their band's early access, else from $opens_at on. Those of bands that go first, then the
-- long silent; with what a message may say of them and what the sending transaction cannot read for itself.
-- Sides: relationship, social (cities, messages heard, bands). Offered: first_band(band), early_band(band, opens_at).
SELECT c.person, c.identity, c.zone,
       COALESCE(f.value, '') AS city,
       h.heard_at,
       COALESCE(w.band, '') AS band
FROM relationship.campaign_person c
LEFT JOIN social.fan_fact f ON f.fan * 2 = c.identity AND f.name = 'city' AND f.best
LEFT JOIN social.weight w ON w.fan * 2 = c.identity
LEFT JOIN first_band b ON b.band = w.band
LEFT JOIN early_band y ON y.band = w.band
LEFT JOIN (
    SELECT fan, MAX(happened_at) AS heard_at
    FROM social.engagement
    WHERE $has_window AND kind = 'messaged' AND happened_at <= $now
    GROUP BY fan
) h ON h.fan * 2 = c.identity
WHERE c.campaign = $campaign
  AND (c.verdict IN ('send', 'due') OR (
      c.verdict = 'hold' AND (c.until <= $now OR CONCAT('|', c.reasons, '|') LIKE '%|not_open|%')
  ))
  AND COALESCE(y.opens_at, $opens_at) <= $now
ORDER BY CASE WHEN b.band IS NULL THEN 1 ELSE 0 END, CASE c.verdict WHEN 'due' THEN 0 ELSE 1 END, c.person
