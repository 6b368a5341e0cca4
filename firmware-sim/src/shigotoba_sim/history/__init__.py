"""The readings of the past, written through the same outbox, broker and ingest as live ones.

Responsible for telling once what the devices would have told from the opening day until the building comes to life.
Refuses to touch devices and databases.
"""
