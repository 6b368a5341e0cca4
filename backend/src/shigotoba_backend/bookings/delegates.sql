-- name: allow
INSERT INTO shigotoba.booking_delegate AS held (owner_id, delegate_id, since)
SELECT %(owner_id)s, person_id, %(now)s FROM shigotoba.person WHERE person_id = %(delegate_id)s AND active
ON CONFLICT (owner_id, delegate_id) DO UPDATE SET since = held.since
RETURNING delegate_id

-- name: drop
DELETE FROM shigotoba.booking_delegate WHERE owner_id = %(owner_id)s AND delegate_id = %(delegate_id)s

-- name: delegates
SELECT delegate_id FROM shigotoba.booking_delegate JOIN shigotoba.person ON person_id = delegate_id
WHERE owner_id = %(person_id)s AND active
ORDER BY delegate_id

-- name: owners
SELECT owner_id FROM shigotoba.booking_delegate JOIN shigotoba.person ON person_id = owner_id
WHERE delegate_id = %(person_id)s AND active
ORDER BY owner_id
