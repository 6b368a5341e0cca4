-- name: hash_of
SELECT hash FROM shigotoba.local_password WHERE person_id = %(person_id)s

-- name: set_hash
INSERT INTO shigotoba.local_password (person_id, hash, changed_at) VALUES (%(person_id)s, %(hash)s, %(now)s)
ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at

-- name: failures
SELECT failures, last_at FROM shigotoba.sign_in_failure
WHERE login = %(login)s AND address = %(address)s AND last_at > %(since)s

-- name: note_failure
INSERT INTO shigotoba.sign_in_failure AS known (login, address, failures, last_at)
VALUES (%(login)s, %(address)s, 1, %(now)s)
ON CONFLICT (login, address) DO UPDATE SET
    failures = CASE WHEN known.last_at > %(since)s THEN known.failures + 1 ELSE 1 END, last_at = excluded.last_at

-- name: forget_failures
DELETE FROM shigotoba.sign_in_failure WHERE login = %(login)s AND address = %(address)s

-- name: forget_failures_of
DELETE FROM shigotoba.sign_in_failure
WHERE login = (SELECT login FROM shigotoba.person WHERE person_id = %(person_id)s)

-- name: forget_old_failures
DELETE FROM shigotoba.sign_in_failure WHERE last_at <= %(before)s
