-- name: sights
-- What living sensors say of each booth of a site.
SELECT assignment.space_id,
       CASE WHEN bool_or(fresh.heard AND latest.value <> 0) THEN 'occupied'
            WHEN bool_or(fresh.heard) THEN 'vacant' ELSE 'unknown' END,
       max(latest.changed_at) FILTER (WHERE fresh.heard)
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.assignment USING (space_id)
JOIN shigotoba.device USING (device_id)
LEFT JOIN shigotoba.point ON point.device_id = device.device_id AND point.name = 'occupancy'
LEFT JOIN shigotoba.latest USING (point_id)
CROSS JOIN LATERAL (
    SELECT coalesce(latest.at + make_interval(secs => %(keep_alives)s * device.keep_alive_s) >= %(now)s, false) AS heard
) AS fresh
WHERE (%(site)s::text IS NULL OR site.code = %(site)s) AND space.kind = 'booth' AND device.kind = 'booth_sensor'
  AND assignment.during @> %(now)s::timestamptz
GROUP BY assignment.space_id

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
SELECT space_id, x, y FROM shigotoba.site JOIN shigotoba.space USING (site_id)
WHERE site.code = %(site)s AND space.kind = 'booth'

-- name: site_number
SELECT site_id FROM shigotoba.site WHERE code = %(site)s
