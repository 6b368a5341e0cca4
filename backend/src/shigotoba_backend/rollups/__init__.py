"""Rollups: what the readings amount to, recomputed exactly where new or late readings touch it.

Responsible for ``use_15min``, ``booth_session``, ``booth_use``, ``printing_hour`` and ``counter_hold``. Refuses to take
readings in and to answer questions.
"""
