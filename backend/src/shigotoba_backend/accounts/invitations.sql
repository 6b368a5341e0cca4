-- name: put
INSERT INTO shigotoba.invitation (person_id, digest, made_at, expires_at)
VALUES (%(person_id)s, %(digest)s, %(now)s, %(expires_at)s)
ON CONFLICT (person_id) DO UPDATE SET digest = excluded.digest, made_at = excluded.made_at, expires_at = excluded.expires_at

-- name: find
SELECT person_id FROM shigotoba.invitation WHERE digest = %(digest)s AND expires_at > %(now)s

-- name: forget
DELETE FROM shigotoba.invitation WHERE person_id = %(person_id)s
