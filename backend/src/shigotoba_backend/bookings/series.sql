-- name: put
INSERT INTO shigotoba.booking_series (space_id, owner_id, booker_id, rule, made_at)
VALUES (%(space_id)s, %(owner_id)s, %(booker_id)s, %(rule)s, %(now)s)
RETURNING series_id
