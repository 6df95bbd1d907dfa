-- Of each campaign: whom it was planned for, by verdict, and how many messages left the house.
-- Sides: relationship.
WITH planned AS (
    SELECT
        campaign,
        COUNT(DISTINCT person) AS people,
        COUNT(DISTINCT CASE WHEN holdout THEN person END) AS held_out,
        COUNT(DISTINCT CASE WHEN verdict = 'send' THEN person END) AS to_send,
        COUNT(DISTINCT CASE WHEN verdict = 'due' THEN person END) AS due,
        COUNT(DISTINCT CASE WHEN verdict = 'hold' THEN person END) AS held,
        COUNT(DISTINCT CASE WHEN verdict = 'drop' THEN person END) AS dropped,
        MIN(planned_at) AS planned_first,
        MAX(planned_at) AS planned_last
    FROM relationship.campaign_person
    GROUP BY campaign
),
left_house AS (
    SELECT campaign, COUNT(*) AS sent
    FROM relationship.delivery
    WHERE sent_at IS NOT NULL AND sent_at <= $until
    GROUP BY campaign
)
SELECT p.*, COALESCE(l.sent, 0) AS sent
FROM planned AS p
LEFT JOIN left_house AS l ON l.campaign = p.campaign
ORDER BY p.planned_last DESC, p.campaign
