-- The engagements behind a tie: what $influenced did through $influencer, latest first. Sides: social.
SELECT id, kind, platform, content, reference, happened_at
FROM social.engagement
WHERE fan = $influenced AND through = $influencer AND kind IN ('opened', 'reshared', 'replied', 'mentioned')
ORDER BY happened_at DESC, id DESC
LIMIT $rows
