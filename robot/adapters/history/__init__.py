"""The history of decisions in Parquet: what each saw, what it was, what happened afterwards."""
