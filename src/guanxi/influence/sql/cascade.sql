-- Who came to $content through whom up to $until, and who passed it on unmoved (through is then the fan). Sides: social.
SELECT fan, through, happened_at
FROM social.cascade_step
WHERE content = $content AND happened_at <= $until
