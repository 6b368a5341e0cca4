"""Ingest, store, rollups and read side."""
