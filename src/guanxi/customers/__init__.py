"""The customers database: customers, orders, RFM. A stranger to social."""
