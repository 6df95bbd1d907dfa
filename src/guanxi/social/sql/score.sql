-- The two scores of each fan and month in tenths of a point; they are never added.
-- Sides: social.
SELECT fan, month, SUM(daily) AS daily, SUM(campaign) AS campaign
FROM social.activity
WHERE daily + campaign > 0
GROUP BY fan, month
ORDER BY month, fan
