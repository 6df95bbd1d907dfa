-- Which fans are in which chat group now.
-- Sides: social. Offered: read_group_member (members just read), changed_fan (whose mirror is old).
WITH member AS (
    SELECT fan, chat_group
    FROM read_group_member
    UNION ALL
    SELECT m.fan, m.chat_group
    FROM social.group_member AS m
    LEFT JOIN changed_fan AS c ON c.fan = m.fan
    WHERE c.fan IS NULL AND NOT $whole
)
SELECT fan, chat_group
FROM member
ORDER BY fan, chat_group
