-- name: claim
INSERT INTO shigotoba.idempotency_key (person_id, key, digest) VALUES (%(person_id)s, %(key)s, %(digest)s)
ON CONFLICT DO NOTHING
RETURNING key

-- name: made
UPDATE shigotoba.idempotency_key SET booking_id = %(booking_id)s WHERE person_id = %(person_id)s AND key = %(key)s

-- name: known
SELECT digest, booking_id FROM shigotoba.idempotency_key WHERE person_id = %(person_id)s AND key = %(key)s

-- name: forget
DELETE FROM shigotoba.idempotency_key WHERE at < %(before)s

-- name: give_up
DELETE FROM shigotoba.idempotency_key WHERE person_id = %(person_id)s AND key = %(key)s
