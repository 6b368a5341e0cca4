"""Amounts that the rollups know: use of seats and booths, printing, bookings.

Every function here takes a connection, a place, the stretches of days that are asked for, and now; it answers with one
``Amount`` for each stretch, in order. Responsible for amounts. Refuses to compare them with anything.
"""
