-- name: make
INSERT INTO shigotoba.secret_link (digest, kind, person_id, space_id, made_at)
VALUES (%(digest)s, %(kind)s, CASE WHEN %(kind)s = 'person_calendar' THEN %(target)s END,
        CASE WHEN %(kind)s <> 'person_calendar' THEN %(target)s END, %(now)s)

-- name: find
SELECT coalesce(person_id, space_id) FROM shigotoba.secret_link WHERE digest = %(digest)s AND kind = %(kind)s

-- name: exists
SELECT FROM shigotoba.secret_link WHERE kind = %(kind)s AND coalesce(person_id, space_id) = %(target)s

-- name: revoke
DELETE FROM shigotoba.secret_link WHERE kind = %(kind)s AND coalesce(person_id, space_id) = %(target)s
