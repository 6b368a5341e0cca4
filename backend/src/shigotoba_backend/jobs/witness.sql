-- name: mark_blind
UPDATE shigotoba.booking SET sensor_dead = true WHERE booking_id = %(booking_id)s AND NOT sensor_dead

-- name: answered_at
SELECT max(at) FROM shigotoba.booking_event WHERE booking_id = %(booking_id)s AND kind = 'answered'

-- name: staff_told
SELECT FROM shigotoba.booking_event
WHERE booking_id = %(booking_id)s AND kind = 'nobody_seen' AND at >= %(since)s
LIMIT 1
