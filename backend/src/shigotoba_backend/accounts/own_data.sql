-- name: person
SELECT jsonb_build_object('person_id', person_id, 'login', login, 'display_name', display_name, 'email', email,
    'language', language, 'created_at', created_at, 'pseudonym', pseudonym)
FROM shigotoba.person WHERE person_id = %(person_id)s

-- name: roles
SELECT jsonb_build_object('role', role, 'site', site.code, 'from', lower(during), 'until', upper(during))
FROM shigotoba.role_grant LEFT JOIN shigotoba.site USING (site_id)
WHERE person_id = %(person_id)s ORDER BY lower(during)

-- name: sessions
SELECT jsonb_build_object('kind', kind, 'label', label, 'created_at', created_at, 'seen_at', seen_at,
    'expires_at', expires_at)
FROM shigotoba.session WHERE person_id = %(person_id)s ORDER BY created_at

-- name: identities
SELECT jsonb_build_object('issuer', issuer, 'subject', subject)
FROM shigotoba.external_identity WHERE person_id = %(person_id)s

-- name: log
SELECT jsonb_build_object('at', at, 'action', action, 'object', object)
FROM shigotoba.audit_log WHERE actor_id = %(person_id)s OR object = 'person:' || %(person_id)s ORDER BY audit_id

-- name: bookings
SELECT jsonb_build_object('booking_id', booking.booking_id, 'booth', space.code, 'from', lower(booking.during),
    'until', upper(booking.during), 'state', booking.state, 'source', booking.source, 'purpose', booking.purpose)
FROM shigotoba.booking JOIN shigotoba.space USING (space_id)
WHERE booking.owner_id = %(person_id)s OR booking.booker_id = %(person_id)s ORDER BY lower(booking.during)
