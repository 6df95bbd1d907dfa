"""Open tables: Parquet files in a DuckLake catalog in PostgreSQL, and the engine that reads them."""
