-- Of each campaign: whom it was planned for, by verdict, and how many messages left the house.
-- Sides: relationship.
WITH planned AS (
    SELECT
        campaign,
        COUNT(*) AS people,
        COUNT(CASE WHEN holdout THEN 1 END) AS held_out,
        COUNT(CASE WHEN verdict = 'send' THEN 1 END) AS to_send,
        COUNT(CASE WHEN verdict = 'due' THEN 1 END) AS due,
        COUNT(CASE WHEN verdict = 'hold' THEN 1 END) AS held,
        COUNT(CASE WHEN verdict = 'drop' THEN 1 END) AS dropped,
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
