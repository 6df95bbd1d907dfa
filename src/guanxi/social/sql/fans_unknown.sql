-- Of how many fans a profile fact is not known: of all where it has no name.
-- Sides: social.
SELECT (SELECT COUNT(*) FROM social.fan) - (SELECT COUNT(*) FROM social.fan_fact WHERE best AND name = $fact) AS fans
