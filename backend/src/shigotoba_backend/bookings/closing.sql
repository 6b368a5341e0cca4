-- name: close
INSERT INTO shigotoba.closure (site_id, space_id, during, reason)
SELECT site.site_id, space.space_id, tstzrange(%(start)s, %(end)s), %(reason)s
FROM shigotoba.site
LEFT JOIN shigotoba.space ON space.site_id = site.site_id AND space.code = %(booth)s::text
WHERE site.code = %(site)s
RETURNING closure_id

-- name: with_bookings
-- Closures in which somebody has a booking yet, or is while they have begun.
SELECT site.code, closed.code, lower(closure.during), upper(closure.during)
FROM shigotoba.closure
JOIN shigotoba.site USING (site_id)
LEFT JOIN shigotoba.space AS closed ON closed.space_id = closure.space_id
WHERE (upper_inf(closure.during) OR upper(closure.during) > %(now)s)
  AND EXISTS (
    SELECT FROM shigotoba.booking JOIN shigotoba.space USING (space_id)
    WHERE space.site_id = closure.site_id AND (closure.space_id IS NULL OR closure.space_id = space.space_id)
      AND booking.during && closure.during AND upper(booking.during) > %(now)s
      AND (state IN ('offered', 'held') OR state = 'checked_in' AND lower(closure.during) <= %(now)s)
      AND shigotoba.booking_state_v1(state, booking.during, lapses_at, %(now)s) = state
  )

-- name: site_of
SELECT site.code FROM shigotoba.closure JOIN shigotoba.site USING (site_id) WHERE closure_id = %(closure_id)s

-- name: reopen
UPDATE shigotoba.closure SET during = tstzrange(lower(during), %(now)s)
WHERE closure_id = %(closure_id)s AND lower(during) < %(now)s AND (upper_inf(during) OR upper(during) > %(now)s)

-- name: forget_future
DELETE FROM shigotoba.closure WHERE closure_id = %(closure_id)s AND lower(during) >= %(now)s
