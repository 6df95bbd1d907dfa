-- The orders and refunds of one customer.
-- Sides: customers.
SELECT id, kind, reference, amount, currency, quantity, happened_at
FROM customers.orders
WHERE customer = $customer
