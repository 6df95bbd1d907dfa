-- The $rows fans who moved most people directly. Sides: social.
SELECT fan, direct FROM social.weight WHERE direct > 0 ORDER BY direct DESC, weight DESC, fan LIMIT $rows
