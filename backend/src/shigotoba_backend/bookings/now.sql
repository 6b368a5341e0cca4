-- name: standing
-- The booking that keeps each booth at this moment, and the next one.
SELECT space.space_id, present.state, present.until, following.start
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
LEFT JOIN LATERAL (
    SELECT booking.state, upper(booking.barred) AS until
    FROM shigotoba.booking
    WHERE booking.space_id = space.space_id AND booking.barred @> %(now)s::timestamptz
      AND booking.state IN ('offered', 'held', 'checked_in')
      AND shigotoba.booking_state_v1(booking.state, booking.during, booking.lapses_at, %(now)s) = booking.state
) AS present ON true
LEFT JOIN LATERAL (
    SELECT min(lower(booking.during)) AS start
    FROM shigotoba.booking
    WHERE booking.space_id = space.space_id AND lower(booking.during) > %(now)s
      AND booking.state IN ('offered', 'held', 'checked_in')
      AND shigotoba.booking_state_v1(booking.state, booking.during, booking.lapses_at, %(now)s) = booking.state
) AS following ON true
WHERE site.code = %(site)s AND space.kind = 'booth'

-- name: places
SELECT space_id, place.x, place.y
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.place_at_v1(site.site_id, %(now)s) AS place USING (space_id)
WHERE site.code = %(site)s AND space.kind = 'booth'

-- name: site_number
SELECT site_id FROM shigotoba.site WHERE code = %(site)s
