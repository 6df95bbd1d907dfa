-- How what $fan passes on resounds: in all, by platform, by topic. Sides: social.
SELECT facet, value, millionths, moves, carried, timed, soon
FROM social.resonance
WHERE fan = $fan
ORDER BY facet, moves DESC, value
