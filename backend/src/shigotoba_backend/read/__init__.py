"""The read side: what the dashboard may ask, as plain functions from a connection to frozen structs.

Every function takes an open psycopg connection, reads rollups and newest values, and answers with times in UTC. Days
are days of the site's time zone. ``None`` means "not known", never zero.

Responsible for asking and for the shape of the answer. Refuses to sum up raw readings, to write, and to draw.
"""
