-- The strongest ties from and to $fan, $rows each way. Sides: social.
WITH ranked AS (
    SELECT
        t.*, t.influencer = $fan AS outward,
        ROW_NUMBER() OVER (
            PARTITION BY t.influencer = $fan
            ORDER BY t.probability DESC, t.successes DESC, t.influencer, t.influenced
        ) AS place
    FROM social.tie AS t
    WHERE t.influencer = $fan OR t.influenced = $fan
)
SELECT
    influencer, influenced, platform, successes, opportunities, first_day, last_day, probability, low, high, outward
FROM ranked
WHERE place <= $rows
ORDER BY outward DESC, place
