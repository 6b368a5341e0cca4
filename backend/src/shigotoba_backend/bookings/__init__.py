"""The booking engine: booths held and used by people.

Every command is a plain function (connection, who asks, what, now): it is one transaction, settles lapsed bookings of
the booth first, and returns a frozen struct or raises ``BookingRefusedError``. API, phone app and jobs call the same
functions. What the rules mean is decided in ``shigotoba_booth``; that nothing overlaps, by the database.
"""
