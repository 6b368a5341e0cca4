"""Ingest: from what gateways publish to committed readings, exactly once, with receipts."""
