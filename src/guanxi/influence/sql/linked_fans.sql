-- The fans who are known customers, well enough to speak to them as such. Sides: relationship.
SELECT DISTINCT fan FROM relationship.link WHERE purpose = 'contact' ORDER BY fan
