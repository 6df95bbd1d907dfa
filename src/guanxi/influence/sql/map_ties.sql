-- The $rows ties with most evidence, then the likeliest; those from or to screened fans after all others. Sides: social.
SELECT t.influencer, t.influenced, t.successes, t.probability
FROM social.tie AS t
LEFT JOIN social.screened AS a ON a.fan = t.influencer
LEFT JOIN social.screened AS b ON b.fan = t.influenced
ORDER BY
    CASE WHEN a.fan IS NULL AND b.fan IS NULL THEN 0 ELSE 1 END,
    t.successes DESC, t.probability DESC, t.influencer, t.influenced
LIMIT $rows
