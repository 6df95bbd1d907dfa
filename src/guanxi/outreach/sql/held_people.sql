-- Whom live plans hold until between two moments, once each, with the first campaign. Sides: relationship.
SELECT c.person, MIN(c.campaign) AS campaign, MIN(c.until) AS moment
FROM relationship.campaign_person c
JOIN live_campaign l ON l.campaign = c.campaign
WHERE c.verdict = 'hold' AND c.until >= $now AND c.until < $horizon
GROUP BY c.person
