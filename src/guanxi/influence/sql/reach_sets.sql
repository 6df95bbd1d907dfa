-- Which of the kept sets the fans offered as wanted(fan) are in. Sides: relationship. Offered: wanted.
SELECT s.draw, s.fan FROM relationship.reach_set AS s JOIN wanted AS w ON w.fan = s.fan ORDER BY s.fan, s.draw
