-- What a fan did, and what others did through the fan's shares.
-- Sides: social.
SELECT id, fan, kind, platform, content, through, campaign, happened_at
FROM social.engagement
WHERE fan = $fan OR through = $fan
