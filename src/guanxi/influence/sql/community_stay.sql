-- Of the fans in a community, how many have been in the same one since before $from_day. Sides: social.
SELECT COUNT(*) AS fans, COUNT(CASE WHEN since < $from_day THEN 1 END) AS stayed, MIN(since) AS oldest
FROM social.community
