-- For each trait offered: how many ties have it known at both ends, at how many it is alike, and the sum
-- over values of (ties out of it x ties into it), from which chance follows. Ties from and to screened
-- fans do not count. Sides: social.
WITH counting AS (
    SELECT t.influencer, t.influenced
    FROM social.tie AS t
    WHERE NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = t.influencer)
        AND NOT EXISTS (SELECT 1 FROM social.screened AS s WHERE s.fan = t.influenced)
),
giving AS (
    SELECT t.influenced, a.trait, a.value AS one, COUNT(*) AS ties
    FROM counting AS t
    JOIN known_trait AS a ON a.fan = t.influencer
    GROUP BY t.influenced, a.trait, a.value
),
pair AS (
    SELECT g.trait, g.one, b.value AS other, SUM(g.ties) AS ties
    FROM giving AS g
    JOIN known_trait AS b ON b.fan = g.influenced AND b.trait = g.trait
    GROUP BY g.trait, g.one, b.value
),
outward AS (
    SELECT trait, one AS value, SUM(ties) AS n FROM pair GROUP BY trait, one
),
inward AS (
    SELECT trait, other AS value, SUM(ties) AS n FROM pair GROUP BY trait, other
),
chance AS (
    SELECT o.trait, SUM(CAST(o.n AS BIGINT) * CAST(i.n AS BIGINT)) AS products
    FROM outward AS o
    JOIN inward AS i ON i.trait = o.trait AND i.value = o.value
    GROUP BY o.trait
),
whole AS (
    SELECT trait, SUM(ties) AS known, SUM(CASE WHEN one = other THEN ties ELSE 0 END) AS alike
    FROM pair
    GROUP BY trait
),
everything AS (
    SELECT COUNT(*) AS ties FROM counting
)
SELECT
    w.trait, e.ties, CAST(w.known AS BIGINT) AS known, CAST(w.alike AS BIGINT) AS alike,
    CAST(COALESCE(c.products, 0) AS BIGINT) AS chance
FROM whole AS w
CROSS JOIN everything AS e
LEFT JOIN chance AS c ON c.trait = w.trait
ORDER BY w.trait
