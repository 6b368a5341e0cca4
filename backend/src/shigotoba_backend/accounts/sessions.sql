-- name: begin
INSERT INTO shigotoba.session (digest, person_id, kind, label, created_at, seen_at, rotated_at, expires_at)
VALUES (%(digest)s, %(person_id)s, %(kind)s, %(label)s, %(now)s, %(now)s, %(now)s, %(expires_at)s)

-- name: find
SELECT session.digest, person_id, kind, seen_at, rotated_at, session.digest <> %(digest)s AS is_former
FROM shigotoba.session
WHERE session.digest = coalesce(
        (SELECT successor FROM shigotoba.former_session WHERE digest = %(digest)s AND expires_at > %(now)s), %(digest)s)
  AND expires_at > %(now)s AND (kind = 'token' OR seen_at > %(idle_since)s)

-- name: note_seen
UPDATE shigotoba.session SET seen_at = %(now)s WHERE digest = %(digest)s

-- name: rotate
UPDATE shigotoba.session SET digest = %(new)s, rotated_at = %(now)s WHERE digest = %(digest)s

-- name: keep_former
INSERT INTO shigotoba.former_session (digest, successor, expires_at) VALUES (%(digest)s, %(new)s, %(former_until)s)

-- name: end
DELETE FROM shigotoba.session WHERE digest = %(digest)s

-- name: end_all
DELETE FROM shigotoba.session WHERE person_id = %(person_id)s

-- name: forget_expired
DELETE FROM shigotoba.session WHERE expires_at <= %(now)s

-- name: forget_former
DELETE FROM shigotoba.former_session WHERE expires_at <= %(now)s
