-- Who came to which content through whom up to $until, and who passed it on unmoved (through is then the fan); contents
-- one after another, so that one cascade is found without reading the others. Sides: social.
SELECT content, fan, CASE WHEN kind = 'shared' THEN fan ELSE through END AS through, happened_at
FROM social.engagement
WHERE content IS NOT NULL AND fan IS NOT NULL AND happened_at <= $until
    AND (
        kind = 'shared'
        OR (kind IN ('opened', 'reshared', 'replied', 'mentioned') AND through IS NOT NULL AND through <> fan)
    )
ORDER BY content, happened_at, fan, through
