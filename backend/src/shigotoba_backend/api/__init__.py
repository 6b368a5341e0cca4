"""The HTTP side: one FastAPI application with the API under ``/api/v1`` and the phone app under ``/``."""
