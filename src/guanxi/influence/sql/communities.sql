-- The $rows largest communities: their fans, and how many of them have been in the same one since before $from_day. Sides: social.
SELECT community, COUNT(*) AS fans, COUNT(CASE WHEN since < $from_day THEN 1 END) AS stayed
FROM social.community
GROUP BY community
ORDER BY fans DESC, community
LIMIT $rows
