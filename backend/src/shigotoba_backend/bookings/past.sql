-- name: claim_day
INSERT INTO shigotoba.taken_over_day (site_id, origin, day, bookings)
SELECT site_id, %(origin)s, %(day)s, %(bookings)s FROM shigotoba.site WHERE code = %(site)s
ON CONFLICT DO NOTHING
RETURNING site_id

-- name: people
SELECT login, person_id FROM shigotoba.person WHERE login = ANY(%(logins)s)

-- name: tell_nobody
-- What happened long ago is no news: no notice, no strike, no webhook.
DELETE FROM shigotoba.booking_todo
USING shigotoba.booking_event
WHERE booking_todo.event_id = booking_event.event_id AND booking_event.booking_id = ANY(%(bookings)s)
