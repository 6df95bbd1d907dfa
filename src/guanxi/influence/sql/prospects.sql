-- Warm prospects still followed, with their weight and band. Sides: relationship, customers, social.
SELECT p.fan, f.platform, p.near, p.near_good, p.expected, p.low, p.high, w.weight, w.band
FROM relationship.prospect AS p
JOIN social.fan AS f ON f.fan = p.fan
LEFT JOIN social.weight AS w ON w.fan = p.fan
WHERE f.unfollowed_day IS NULL AND p.near_good > 0
