-- name: open_types
-- Seats of a type on the floor that was asked for, or of the site; elsewhere: there are more of the type on other floors. Heard:
-- something is known, be it told or not.
WITH seat AS (
    SELECT space_id, seat_type, coalesce(floor.code = %(floor)s, true) AS here
    FROM shigotoba.site
    JOIN shigotoba.floor USING (site_id)
    JOIN shigotoba.space USING (floor_id)
    WHERE site.code = %(site)s AND space.kind = 'seat'
), used AS (
    SELECT seat.seat_type, sum(open_occupied_s) AS occupied_s, sum(open_occupied_s + open_vacant_s) AS known_s,
           sum(sessions)::int AS sessions
    FROM shigotoba.told_days_v1(
        ARRAY(SELECT space_id FROM seat WHERE here), %(first)s, %(last)s::date + 1,
        %(withheld_spaces)s, %(withheld_from)s, %(withheld_until)s
    )
    JOIN seat USING (space_id)
    WHERE open_occupied_s + open_vacant_s > 0
    GROUP BY seat.seat_type
)
SELECT seat.seat_type, count(*) FILTER (WHERE here)::int AS seats, NOT bool_and(here) AS elsewhere,
       used.occupied_s, coalesce(used.known_s, 0) AS known_s, used.sessions,
       bool_or(here AND EXISTS (
           SELECT FROM shigotoba.use_day
           WHERE use_day.space_id = seat.space_id AND day BETWEEN %(first)s AND %(last)s
             AND open_occupied_s + open_vacant_s > 0
       )) AS heard
FROM seat LEFT JOIN used ON used.seat_type IS NOT DISTINCT FROM seat.seat_type
GROUP BY seat.seat_type, used.occupied_s, used.known_s, used.sessions
HAVING bool_or(here)
ORDER BY seat.seat_type NULLS FIRST
