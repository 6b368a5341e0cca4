-- name: give
INSERT INTO shigotoba.strike (person_id, booking_id, at)
SELECT owner_id, booking_id, %(at)s
FROM shigotoba.booking
JOIN shigotoba.space USING (space_id)
JOIN shigotoba.site USING (site_id)
WHERE booking_id = %(booking_id)s AND state = 'released' AND source <> 'offer' AND owner_id IS NOT NULL
  AND NOT sensor_dead AND approval IS DISTINCT FROM 'waiting'
  AND coalesce((shigotoba.booth_rules_v1(space_id, (lower(booked) AT TIME ZONE time_zone)::date) ->> 'strikes_most')::int, 0) > 0
ON CONFLICT (booking_id) DO NOTHING
RETURNING strike_id

-- name: strikes
-- One by its name, somebody's, or those that wait for a decision at some sites; newest first.
SELECT strike_id, person_id, booking_id, site.code AS site, strike.at, strike.state, strike.appeal
FROM shigotoba.strike
JOIN shigotoba.booking USING (booking_id)
JOIN shigotoba.space USING (space_id)
JOIN shigotoba.site USING (site_id)
WHERE CASE WHEN %(strike_id)s::uuid IS NOT NULL THEN strike_id = %(strike_id)s
           WHEN %(person_id)s::int IS NOT NULL THEN person_id = %(person_id)s
           ELSE strike.state = 'appealed' AND site.code = ANY(%(sites)s) END
ORDER BY strike.at DESC

-- name: appeal
UPDATE shigotoba.strike SET state = 'appealed', appeal = %(words)s
WHERE strike_id = %(strike_id)s AND state = 'stands'
RETURNING strike_id

-- name: decide
UPDATE shigotoba.strike SET state = %(state)s, decided_by = %(by)s, decided_at = %(now)s
WHERE strike_id = %(strike_id)s AND state IN ('stands', 'appealed')
RETURNING strike_id

-- name: tell
INSERT INTO shigotoba.notice (person_id, kind, booking_id, facts, made_at)
SELECT person_id, 'appeal_decided', booking_id, jsonb_build_object('state', state), %(now)s
FROM shigotoba.strike WHERE strike_id = %(strike_id)s
