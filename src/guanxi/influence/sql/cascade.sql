-- Who came to $content through whom up to $until, and who passed it on unmoved (through is then the fan). Sides: social.
SELECT fan, CASE WHEN kind = 'shared' THEN fan ELSE through END AS through, happened_at
FROM social.engagement
WHERE content = $content AND fan IS NOT NULL AND happened_at <= $until
    AND (
        kind = 'shared'
        OR (kind IN ('opened', 'reshared', 'replied', 'mentioned') AND through IS NOT NULL AND through <> fan)
    )
