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

-- name: series
SELECT jsonb_build_object('series_id', series_id, 'booth', space.code, 'rule', rule, 'made_at', made_at)
FROM shigotoba.booking_series JOIN shigotoba.space USING (space_id)
WHERE owner_id = %(person_id)s OR booker_id = %(person_id)s ORDER BY made_at

-- name: waiting
SELECT jsonb_build_object('entry_id', entry_id, 'site', site.code, 'from', lower(during), 'until', upper(during),
    'guests', guests, 'state', state, 'made_at', made_at)
FROM shigotoba.waitlist JOIN shigotoba.site USING (site_id) WHERE person_id = %(person_id)s ORDER BY made_at

-- name: strikes
SELECT jsonb_build_object('strike_id', strike_id, 'booking_id', booking_id, 'at', at, 'state', state, 'appeal', appeal,
    'decided_at', decided_at)
FROM shigotoba.strike WHERE person_id = %(person_id)s ORDER BY at

-- name: delegates
-- Who books for the person, and for whom the person books.
SELECT jsonb_build_object('owner', owner_id, 'delegate', delegate_id, 'since', since)
FROM shigotoba.booking_delegate WHERE owner_id = %(person_id)s OR delegate_id = %(person_id)s ORDER BY since

-- name: notices
SELECT jsonb_build_object('kind', kind, 'booking_id', booking_id, 'facts', facts, 'made_at', made_at,
    'seen_at', seen_at)
FROM shigotoba.notice WHERE person_id = %(person_id)s ORDER BY made_at

-- name: whereabouts
SELECT jsonb_build_object('space', space.code, 'since', since, 'until', until)
FROM shigotoba.whereabouts JOIN shigotoba.space USING (space_id) WHERE person_id = %(person_id)s

-- name: whereabouts_readers
-- Whom the person lets look, and who lets the person look.
SELECT jsonb_build_object('person', person_id, 'reader', reader_id)
FROM shigotoba.whereabouts_reader WHERE person_id = %(person_id)s OR reader_id = %(person_id)s
ORDER BY person_id, reader_id

-- name: calendars
-- When an address was made; its secret is not kept.
SELECT jsonb_build_object('kind', kind, 'made_at', made_at)
FROM shigotoba.secret_link WHERE person_id = %(person_id)s ORDER BY made_at

-- name: phones
-- Where messages are pushed to, without the keys.
SELECT jsonb_build_object('service', substring(endpoint FROM '^https://[^/]+'), 'made_at', made_at)
FROM shigotoba.push_subscription WHERE person_id = %(person_id)s ORDER BY made_at

-- name: surveys
-- That the person has answered; what, nobody can tell.
SELECT jsonb_build_object('site', site.code, 'fiscal_year', fiscal_year)
FROM shigotoba.survey_answered JOIN shigotoba.survey USING (survey_id) JOIN shigotoba.site USING (site_id)
WHERE person_id = %(person_id)s ORDER BY fiscal_year
