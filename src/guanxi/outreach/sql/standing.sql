-- What the leash must know of each person of an audience, as columns; one row a person.
-- Sides: social (fans, facts, messages heard, bands), relationship (persons, consent, deliveries).
-- Offered: member(person, identity), asked_account(account), asked_channel(channel), place_zone(place, zone),
-- band_cap(band, sends_max, begins).
WITH sure_member AS (
    SELECT m.person, m.identity, COALESCE(p.person, m.identity) AS sure
    FROM member m
    LEFT JOIN relationship.person p ON p.purpose = 'reward' AND p.identity = m.identity
),
candidate AS (
    SELECT m.person, m.identity, m.sure, f.fan, w.follows,
           ROW_NUMBER() OVER (
               PARTITION BY m.person
               ORDER BY CASE WHEN w.follows THEN 0 WHEN w.follows IS NULL THEN 1 ELSE 2 END, m.identity
           ) AS place
    FROM sure_member m
    JOIN social.fan f ON f.fan * 2 = m.identity
    JOIN asked_account a ON a.account = f.account
    LEFT JOIN relationship.following w ON w.identity = m.identity
),
reached AS (SELECT person, identity, sure, fan, follows FROM candidate WHERE place = 1),
word AS (
    SELECT c.identity, c.purpose,
           MAX(CASE WHEN c.granted THEN c.happened_at END) AS granted_at,
           MAX(CASE WHEN c.granted THEN NULL ELSE c.happened_at END) AS withdrew_at
    FROM relationship.consent c
    JOIN asked_channel k ON k.channel = c.channel
    WHERE c.purpose = $purpose OR c.purpose = 'engage'
    GROUP BY c.identity, c.purpose
),
said AS (
    SELECT m.person,
           MAX(CASE WHEN w.withdrew_at IS NOT NULL
                     AND (w.granted_at IS NULL OR w.granted_at <= w.withdrew_at) THEN 1 ELSE 0 END) AS withdrew,
           MAX(CASE WHEN w.purpose = $purpose AND m.sure = r.sure AND w.granted_at IS NOT NULL
                     AND (w.withdrew_at IS NULL OR w.granted_at > w.withdrew_at) THEN 1 ELSE 0 END) AS granted
    FROM sure_member m
    JOIN word w ON w.identity = m.identity
    LEFT JOIN reached r ON r.person = m.person
    GROUP BY m.person
),
buyer AS (
    SELECT DISTINCT m.person
    FROM sure_member m
    JOIN reached r ON r.person = m.person AND r.sure = m.sure
    WHERE m.identity % 2 = 1
),
barred AS (
    SELECT DISTINCT m.person
    FROM member m
    JOIN relationship.suppressed s ON s.identity = m.identity
),
heard AS (
    SELECT m.person, MAX(e.happened_at) AS heard_at
    FROM member m
    JOIN social.engagement e ON e.fan * 2 = m.identity
    JOIN asked_account a ON a.account = e.account
    WHERE $has_window AND e.kind = 'messaged' AND e.happened_at <= $as_of
    GROUP BY m.person
),
contact AS (
    SELECT m.person, d.channel, d.reserved_at
    FROM member m
    JOIN relationship.delivery d ON d.identity = m.identity
    WHERE d.state IN ('queued', 'leased', 'sent', 'unknown') AND d.reserved_at <= $as_of
),
brand AS (
    SELECT person, reserved_at, ROW_NUMBER() OVER (PARTITION BY person ORDER BY reserved_at DESC) AS place
    FROM contact
    WHERE reserved_at > $brand_start
),
brand_count AS (
    SELECT person, COUNT(*) AS sends, MAX(CASE WHEN place = $brand_max THEN reserved_at END) AS blocking
    FROM brand
    GROUP BY person
),
standing_band AS (
    SELECT r.person, MIN(w.band) AS band, MIN(b.sends_max) AS sends_max, MIN(b.begins) AS begins
    FROM reached r
    JOIN social.weight w ON w.fan = r.fan
    LEFT JOIN band_cap b ON b.band = w.band
    GROUP BY r.person
),
own AS (
    SELECT c.person, c.reserved_at, s.sends_max,
           ROW_NUMBER() OVER (PARTITION BY c.person ORDER BY c.reserved_at DESC) AS place
    FROM contact c
    JOIN standing_band s ON s.person = c.person
    WHERE c.reserved_at > s.begins
),
own_count AS (
    SELECT person, COUNT(*) AS sends, MAX(CASE WHEN place = sends_max THEN reserved_at END) AS blocking
    FROM own
    GROUP BY person
),
platform AS (
    SELECT person, reserved_at, ROW_NUMBER() OVER (PARTITION BY person ORDER BY reserved_at DESC) AS place
    FROM contact
    WHERE channel = $channel AND reserved_at > $platform_start
),
platform_count AS (
    SELECT person, COUNT(*) AS sends, MAX(CASE WHEN place = $platform_max THEN reserved_at END) AS blocking
    FROM platform
    GROUP BY person
),
spoken AS (
    SELECT c.person, MAX(c.reserved_at) AS last_at,
           SUM(CASE WHEN c.reserved_at > h.heard_at THEN 1 ELSE 0 END) AS sends_since_heard
    FROM contact c
    LEFT JOIN heard h ON h.person = c.person
    GROUP BY c.person
),
known AS (
    SELECT m.person, MIN(f.first_day) AS first_day
    FROM member m
    JOIN social.fan f ON f.fan * 2 = m.identity
    GROUP BY m.person
),
stated AS (
    SELECT f.fan,
           MAX(CASE WHEN f.name = 'time_zone' THEN z.zone END) AS time_zone,
           MAX(CASE WHEN f.name = 'city' THEN z.zone END) AS city_zone
    FROM social.fan_fact f
    JOIN place_zone z ON z.place = LOWER(TRIM(f.value))
    WHERE f.best AND f.name IN ('time_zone', 'city')
    GROUP BY f.fan
),
person AS (SELECT DISTINCT person FROM member)
SELECT p.person,
       COALESCE(r.identity, p.person) AS identity,
       CASE WHEN r.identity IS NULL THEN FALSE ELSE TRUE END AS has_address,
       CASE WHEN r.follows THEN 1 WHEN r.follows IS NULL THEN -1 ELSE 0 END AS follows,
       COALESCE(s.withdrew, 0) = 1 AS withdrew,
       COALESCE(s.granted, 0) = 1 AS granted,
       CASE WHEN b.person IS NULL THEN FALSE ELSE TRUE END AS is_customer,
       CASE WHEN x.person IS NULL THEN FALSE ELSE TRUE END AS is_suppressed,
       COALESCE(n.sends, 0) AS platform_sends,
       n.blocking AS platform_blocking,
       COALESCE(c.sends, 0) AS brand_sends,
       c.blocking AS brand_blocking,
       COALESCE(g.band, '') AS band,
       COALESCE(o.sends, 0) AS band_sends,
       o.blocking AS band_blocking,
       h.heard_at,
       COALESCE(k.sends_since_heard, 0) AS sends_since_heard,
       k.last_at,
       w.first_day,
       COALESCE(t.time_zone, t.city_zone, $zone) AS zone
FROM person p
LEFT JOIN reached r ON r.person = p.person
LEFT JOIN said s ON s.person = p.person
LEFT JOIN buyer b ON b.person = p.person
LEFT JOIN barred x ON x.person = p.person
LEFT JOIN platform_count n ON n.person = p.person
LEFT JOIN brand_count c ON c.person = p.person
LEFT JOIN standing_band g ON g.person = p.person
LEFT JOIN own_count o ON o.person = p.person
LEFT JOIN heard h ON h.person = p.person
LEFT JOIN spoken k ON k.person = p.person
LEFT JOIN known w ON w.person = p.person
LEFT JOIN stated t ON t.fan = r.fan
ORDER BY p.person
