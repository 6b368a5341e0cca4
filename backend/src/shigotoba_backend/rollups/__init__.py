"""Rollups: what the readings amount to, recomputed exactly where new or late readings touch it.

Responsible for ``use_15min``, ``printing_hour`` and ``booth_use``. Refuses to take readings in and to answer questions.
"""
