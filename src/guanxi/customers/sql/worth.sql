-- Recency, frequency and money of one customer.
-- Sides: customers.
SELECT customer, recency_days, frequency, monetary, r, f, m, orders, first_day, last_day, second_order_days
FROM customers.rfm
WHERE customer = $customer
