-- The customers that a reader asked for, with recency, frequency and money; quintile 0 stands for any.
-- Sides: customers. Offered: wanted_customer (customers to choose from, heeded where $named).
SELECT
    c.customer,
    c.account,
    w.recency_days,
    w.frequency,
    w.monetary,
    w.r,
    w.f,
    w.m,
    w.orders,
    w.first_day,
    w.last_day,
    w.second_order_days
FROM customers.customer AS c
LEFT JOIN customers.rfm AS w ON w.customer = c.customer
WHERE
    ($r = 0 OR w.r = $r)
    AND ($f = 0 OR w.f = $f)
    AND ($m = 0 OR w.m = $m)
    AND (NOT $slipping OR (w.r <= 2 AND w.f >= 4))
    AND ($account = 0 OR c.account = $account)
    AND (NOT $named OR c.customer IN (SELECT customer FROM wanted_customer))
