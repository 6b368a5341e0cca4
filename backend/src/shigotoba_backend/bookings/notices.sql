-- name: unseen
SELECT notice_id, person_id, kind, booking_id, facts, made_at FROM shigotoba.notice
WHERE person_id = %(person_id)s AND seen_at IS NULL
ORDER BY made_at DESC, notice_id DESC
LIMIT 100

-- name: seen
UPDATE shigotoba.notice SET seen_at = %(now)s
WHERE person_id = %(person_id)s AND notice_id = ANY(%(notices)s) AND seen_at IS NULL

-- name: to_push
SELECT notice_id, person_id, kind, booking_id, facts, made_at FROM shigotoba.notice
WHERE pushed_at IS NULL AND seen_at IS NULL
ORDER BY notice_id
LIMIT %(most)s

-- name: pushed
UPDATE shigotoba.notice SET pushed_at = %(now)s WHERE notice_id = ANY(%(notices)s)

-- name: remind
-- A booking that is moved is reminded of again: its start is part of what makes a reminder one of a kind.
INSERT INTO shigotoba.notice (person_id, kind, booking_id, facts, made_at, once)
SELECT booking.owner_id, due.kind, booking.booking_id, jsonb_build_object('at', due.about), %(now)s,
       concat_ws(' ', due.kind, booking.booking_id, due.about)
FROM shigotoba.booking
JOIN shigotoba.space USING (space_id)
JOIN shigotoba.site USING (site_id)
CROSS JOIN LATERAL shigotoba.booth_rules_v1(space_id, (lower(during) AT TIME ZONE site.time_zone)::date) AS rules
CROSS JOIN LATERAL (VALUES
    ('reminder', lower(during), make_interval(mins => coalesce((rules ->> 'reminder_min')::int, 10))),
    ('release_soon', lapses_at, make_interval(mins => coalesce((rules ->> 'release_warning_min')::int, 5)))
) AS due (kind, about, ahead)
WHERE booking.state = 'held' AND booking.owner_id IS NOT NULL AND booking.approval IS DISTINCT FROM 'waiting'
  AND due.ahead > '0' AND due.about > %(now)s AND due.about - due.ahead <= %(now)s AND booking.made_at < due.about - due.ahead
ON CONFLICT (once) DO NOTHING

-- name: tell_owner
INSERT INTO shigotoba.notice (person_id, kind, booking_id, facts, made_at, once)
SELECT booking.owner_id, told.notice, booking.booking_id,
       event.facts || jsonb_build_object('at', event.at, 'lapses_at', booking.lapses_at), %(now)s,
       concat_ws(' ', 'event', event.event_id, booking.owner_id)
FROM shigotoba.booking_event AS event
JOIN shigotoba.booking USING (booking_id)
JOIN (
    SELECT kind, notice, false AS by_others
    FROM unnest(%(owner_kinds)s::text[], %(owner_notices)s::text[]) AS always (kind, notice)
    UNION ALL
    SELECT kind, notice, true
    FROM unnest(%(other_kinds)s::text[], %(other_notices)s::text[]) AS sometimes (kind, notice)
) AS told ON told.kind = event.kind
WHERE event.event_id = %(event_id)s AND booking.owner_id IS NOT NULL
  AND (NOT told.by_others OR event.actor_id <> booking.owner_id)
ON CONFLICT (once) DO NOTHING

-- name: tell_staff
INSERT INTO shigotoba.notice (person_id, kind, booking_id, facts, made_at, once)
SELECT DISTINCT role_grant.person_id, told.notice, booking.booking_id, event.facts || jsonb_build_object('at', event.at),
       %(now)s::timestamptz, concat_ws(' ', 'staff', event.event_id, role_grant.person_id)
FROM shigotoba.booking_event AS event
JOIN shigotoba.booking USING (booking_id)
JOIN shigotoba.space USING (space_id)
JOIN shigotoba.site USING (site_id)
CROSS JOIN LATERAL (
    SELECT CASE WHEN event.kind = 'booked' AND booking.approval = 'waiting' THEN 'approval_wanted'
                WHEN event.kind = 'nobody_seen' THEN 'nobody_seen' END AS notice
) AS told
JOIN shigotoba.role_grant
  ON role_grant.organisation_id = site.organisation_id AND role_grant.during @> %(now)s::timestamptz
 AND (role_grant.site_id IS NULL OR role_grant.site_id = site.site_id)
 AND role_grant.role IN ('facility', 'site_admin', 'organisation_admin')
WHERE event.event_id = %(event_id)s AND told.notice IS NOT NULL
ON CONFLICT (once) DO NOTHING

-- name: tell_strike
INSERT INTO shigotoba.notice (person_id, kind, booking_id, facts, made_at, once)
SELECT person_id, 'strike', booking_id, jsonb_build_object('strike_id', strike_id), %(now)s, 'strike ' || strike_id
FROM shigotoba.strike WHERE strike_id = %(strike_id)s
ON CONFLICT (once) DO NOTHING
