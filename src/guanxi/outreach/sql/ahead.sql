-- When those whom live plans hold may be asked again, by day. Sides: relationship.
SELECT CAST(c.until AS DATE) AS day, COUNT(DISTINCT c.person) AS holds
FROM relationship.campaign_person c
JOIN live_campaign l ON l.campaign = c.campaign
WHERE c.verdict = 'hold' AND c.until >= $now AND c.until < $horizon
GROUP BY CAST(c.until AS DATE)
ORDER BY day
