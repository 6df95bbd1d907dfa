-- The fans who carry one of the tags offered as kept_out(tag). Sides: social. Offered: kept_out.
SELECT DISTINCT f.fan FROM social.fan_tag AS f JOIN kept_out AS k ON k.tag = f.tag ORDER BY f.fan
