-- Who moved whom and when, up to $until. Sides: social.
SELECT through AS influencer, fan AS influenced, happened_at
FROM social.engagement
WHERE kind IN ('opened', 'reshared', 'replied', 'mentioned')
    AND fan IS NOT NULL AND through IS NOT NULL AND through <> fan AND happened_at <= $until
ORDER BY happened_at, id
