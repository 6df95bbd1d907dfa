-- Which fans drew what in a trial of invitations to share, up to $until.
-- Sides: social. Offered: read_share_arm (the records).
SELECT trial, percent, content, platform, fan, invited, drawn_at
FROM read_share_arm
WHERE drawn_at <= $until
ORDER BY trial, fan
