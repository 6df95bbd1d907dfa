-- What a fan did, and what others did through the fan's shares, in some days, of one kind or any ('').
-- Sides: social.
SELECT id, fan, kind, platform, content, through, campaign, happened_at
FROM social.engagement
WHERE (fan = $fan OR through = $fan) AND day BETWEEN $first AND $last AND ($kind = '' OR kind = $kind)
