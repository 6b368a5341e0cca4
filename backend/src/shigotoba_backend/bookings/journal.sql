-- name: note
INSERT INTO shigotoba.booking_event (booking_id, at, kind, actor_id, via, facts)
VALUES (%(booking_id)s, %(at)s, %(kind)s, %(actor_id)s, %(via)s, %(facts)s)

-- name: history
SELECT event_id, booking_id, at, kind, actor_id, via, facts
FROM shigotoba.booking_event
WHERE booking_id = %(booking_id)s
ORDER BY event_id
