-- What was done with one content, by platform and kind.
-- Sides: social.
SELECT platform, kind, n, fans
FROM social.content_platform
WHERE content = $content
ORDER BY platform, kind
