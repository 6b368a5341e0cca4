"""The people of the building: who they are, when they work, what draws them from their seats.

Responsible for habits and days. Refuses to know which seat is free (see ``plan``).
"""
