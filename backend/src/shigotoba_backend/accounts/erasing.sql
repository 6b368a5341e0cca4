-- name: due
SELECT person_id FROM shigotoba.person
WHERE NOT active AND erased_at IS NULL AND left_at < %(left_before)s
ORDER BY person_id

-- name: password
DELETE FROM shigotoba.local_password WHERE person_id = %(person_id)s

-- name: identities
DELETE FROM shigotoba.external_identity WHERE person_id = %(person_id)s

-- name: failures
DELETE FROM shigotoba.sign_in_failure
WHERE login = (SELECT login FROM shigotoba.person WHERE person_id = %(person_id)s)

-- name: person
UPDATE shigotoba.person SET login = NULL, display_name = NULL, email = NULL, active = false, section_id = NULL,
    left_at = coalesce(left_at, %(now)s), erased_at = %(now)s
WHERE person_id = %(person_id)s

-- name: purposes
UPDATE shigotoba.booking SET purpose = NULL WHERE owner_id = %(person_id)s AND purpose IS NOT NULL

-- name: appeals
UPDATE shigotoba.strike SET appeal = NULL WHERE person_id = %(person_id)s AND appeal IS NOT NULL

-- name: delegations
DELETE FROM shigotoba.booking_delegate WHERE owner_id = %(person_id)s OR delegate_id = %(person_id)s

-- name: notices
DELETE FROM shigotoba.notice WHERE person_id = %(person_id)s
