"""Open tables: Parquet files in a DuckLake catalog inside PostgreSQL, and the analytic engine that reads them."""
