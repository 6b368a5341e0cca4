"""What an operator's Prometheus may ask of the platform as a whole.

The numbers come from the database at the moment of asking, so that one small process tells of all others, also of those
that have died.
"""
