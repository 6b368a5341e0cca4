-- name: join
INSERT INTO shigotoba.waitlist (person_id, site_id, floor_id, space_id, during, guests, made_at)
SELECT %(person_id)s, site.site_id, floor.floor_id, space.space_id, tstzrange(%(start)s, %(end)s), %(guests)s, %(now)s
FROM shigotoba.site
LEFT JOIN shigotoba.floor ON floor.site_id = site.site_id AND floor.code = %(floor)s
LEFT JOIN shigotoba.space ON space.site_id = site.site_id AND space.code = %(booth)s AND space.kind = 'booth'
WHERE site.code = %(site)s
  AND (%(floor)s::text IS NULL OR floor.floor_id IS NOT NULL)
  AND (%(booth)s::text IS NULL OR space.space_id IS NOT NULL)
RETURNING entry_id

-- name: entries
-- One by its name, somebody's that are open, or all that wait; whoever has had an offer comes after those who have not.
SELECT entry_id, person_id, site.code AS site, floor.code AS floor, space.code AS booth, lower(during) AS start,
       upper(during) AS end, guests, state, offer_id, waitlist.made_at
FROM shigotoba.waitlist
JOIN shigotoba.site USING (site_id)
LEFT JOIN shigotoba.floor ON floor.floor_id = waitlist.floor_id
LEFT JOIN shigotoba.space ON space.space_id = waitlist.space_id
WHERE CASE WHEN %(entry_id)s::uuid IS NOT NULL THEN entry_id = %(entry_id)s
           WHEN %(person_id)s::int IS NOT NULL THEN person_id = %(person_id)s AND state IN ('waiting', 'offered')
           ELSE state = 'waiting' END
ORDER BY offer_id IS NOT NULL, waitlist.made_at

-- name: settle
-- Whose offer has lapsed waits again, behind those who have had none; whose time has gone by waits no more.
UPDATE shigotoba.waitlist
SET state = CASE WHEN upper(waitlist.during) <= %(now)s THEN 'passed' ELSE 'waiting' END
WHERE state IN ('waiting', 'offered')
  AND (upper(waitlist.during) <= %(now)s
       OR state = 'offered' AND EXISTS (
           SELECT FROM shigotoba.booking
           WHERE booking.booking_id = waitlist.offer_id
             AND shigotoba.booking_state_v1(booking.state, booking.during, booking.lapses_at, %(now)s) IN ('released', 'cancelled')
       ))

-- name: set_state
UPDATE shigotoba.waitlist SET state = %(state)s WHERE entry_id = %(entry_id)s

-- name: offered
UPDATE shigotoba.waitlist SET state = 'offered', offer_id = %(booking_id)s
WHERE entry_id = %(entry_id)s AND state = 'waiting'
RETURNING entry_id

-- name: wait_again
UPDATE shigotoba.waitlist SET state = 'waiting', offer_id = NULL WHERE offer_id = %(booking_id)s AND state = 'offered'

-- name: offer_taken
UPDATE shigotoba.waitlist SET state = 'taken' WHERE offer_id = %(booking_id)s

-- name: offer_declined
UPDATE shigotoba.waitlist SET state = 'withdrawn' WHERE offer_id = %(booking_id)s
