-- Every content with its account, kind, first topic and whether it promotes a product.
-- Sides: social. Offered: read_content (the records).
SELECT content, account, platform, kind, topic, promotes_product, published_day
FROM read_content
ORDER BY content
