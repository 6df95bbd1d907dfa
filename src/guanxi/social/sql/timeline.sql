-- What a fan did, and what others did through the fan's shares, in some days, of one kind or any (''). One half each, so
-- that each finds its rows by one column and reads the others of these alone.
-- Sides: social.
SELECT id, fan, kind, platform, content, through, campaign, happened_at
FROM social.engagement
WHERE fan = $fan AND day BETWEEN $first AND $last AND ($kind = '' OR kind = $kind)
UNION ALL
SELECT id, fan, kind, platform, content, through, campaign, happened_at
FROM social.engagement
WHERE
    through = $fan
    AND (fan IS NULL OR fan <> $fan)
    AND day BETWEEN $first AND $last
    AND ($kind = '' OR kind = $kind)
