-- name: by_id
SELECT * FROM shigotoba.bookings_at_v1(%(now)s) WHERE booking_id = %(booking_id)s

-- name: hold
INSERT INTO shigotoba.booking (
    space_id, during, booked, buffer, state, owner_id, booker_id, source, purpose, guests, made_at, check_in_from,
    lapses_at, checked_in_at, checked_in_by, approval, walk_in, series_id, replaces
) VALUES (
    %(space_id)s, tstzrange(%(start)s, %(end)s), tstzrange(%(start)s, %(end)s), %(buffer)s, %(state)s, %(owner_id)s,
    %(booker_id)s, %(source)s, %(purpose)s, %(guests)s, %(now)s, %(check_in_from)s, %(lapses_at)s, %(checked_in_at)s,
    %(checked_in_by)s, %(approval)s, %(walk_in)s, %(series_id)s, %(replaces)s
)
RETURNING booking_id

-- name: check_in
UPDATE shigotoba.booking
SET state = 'checked_in', checked_in_at = %(at)s, checked_in_by = %(means)s, version = version + 1,
    during = tstzrange(%(start)s, upper(during))
WHERE booking_id = %(booking_id)s

-- name: set_end
-- Longer or shorter by agreement.
UPDATE shigotoba.booking
SET during = tstzrange(lower(during), %(end)s), booked = tstzrange(lower(booked), %(end)s), asked_at = NULL,
    lapses_at = %(lapses_at)s, version = version + 1
WHERE booking_id = %(booking_id)s

-- name: end_now
-- What was agreed stays in booked; what is cut off is recovered.
UPDATE shigotoba.booking
SET state = 'ended', during = tstzrange(lower(during), greatest(%(at)s, lower(during))), ended_at = %(at)s,
    asked_at = NULL, version = version + 1
WHERE booking_id = %(booking_id)s

-- name: cancel
UPDATE shigotoba.booking
SET state = 'cancelled', ended_at = %(at)s, version = version + 1
WHERE booking_id = %(booking_id)s

-- name: move
UPDATE shigotoba.booking
SET space_id = %(space_id)s, during = tstzrange(%(start)s, %(end)s), booked = tstzrange(%(start)s, %(end)s),
    buffer = %(buffer)s, check_in_from = %(check_in_from)s, lapses_at = %(lapses_at)s, version = version + 1
WHERE booking_id = %(booking_id)s

-- name: take_offer
UPDATE shigotoba.booking
SET state = 'held', source = 'phone', lapses_at = %(lapses_at)s, version = version + 1
WHERE booking_id = %(booking_id)s

-- name: hand_over
UPDATE shigotoba.booking SET owner_id = %(owner_id)s, version = version + 1 WHERE booking_id = %(booking_id)s

-- name: grant
UPDATE shigotoba.booking SET approval = 'granted', version = version + 1 WHERE booking_id = %(booking_id)s

-- name: ask
UPDATE shigotoba.booking SET asked_at = %(at)s, version = version + 1 WHERE booking_id = %(booking_id)s

-- name: answered
UPDATE shigotoba.booking SET asked_at = NULL, version = version + 1 WHERE booking_id = %(booking_id)s

-- name: sensor_dead
UPDATE shigotoba.booking SET sensor_dead = true, version = version + 1 WHERE booking_id = %(booking_id)s

-- name: present_and_coming
SELECT * FROM shigotoba.bookings_at_v1(%(now)s)
WHERE (owner_id = %(person_id)s OR booker_id = %(person_id)s) AND state IN ('offered', 'held', 'checked_in')
ORDER BY state <> 'offered', start, booth

-- name: past
SELECT * FROM shigotoba.bookings_at_v1(%(now)s)
WHERE owner_id = %(person_id)s AND state IN ('ended', 'released', 'cancelled')
ORDER BY start DESC, booking_id
LIMIT %(most)s

-- name: in_days
-- What a person has that begins within a stretch and has not begun.
SELECT * FROM shigotoba.bookings_at_v1(%(now)s)
WHERE owner_id = %(person_id)s AND state = 'held' AND start >= %(start)s AND start < %(end)s
ORDER BY start

-- name: coming
SELECT * FROM shigotoba.bookings_at_v1(%(now)s)
WHERE owner_id = %(person_id)s AND state IN ('offered', 'held')
ORDER BY start, booth

-- name: is_active
SELECT FROM shigotoba.person WHERE person_id = %(person_id)s AND active

-- name: wait_no_longer
UPDATE shigotoba.waitlist SET state = 'withdrawn' WHERE person_id = %(person_id)s AND state IN ('waiting', 'offered')

-- name: of_booth
SELECT * FROM shigotoba.bookings_at_v1(%(now)s)
WHERE space_id = ANY(%(spaces)s) AND state IN ('offered', 'held', 'checked_in') AND "end" > %(start)s AND start < %(end)s
ORDER BY start

-- name: waiting_for_approval
SELECT * FROM shigotoba.bookings_at_v1(%(now)s) WHERE site = %(site)s AND state = 'held' AND approval = 'waiting' ORDER BY start

-- name: unanswered
SELECT * FROM shigotoba.bookings_at_v1(%(now)s)
WHERE site = %(site)s AND state = 'checked_in' AND asked_at IS NOT NULL
ORDER BY asked_at

-- name: in_series
SELECT * FROM shigotoba.bookings_at_v1(%(now)s) WHERE series_id = %(series_id)s AND state = 'held' ORDER BY start

-- name: may_book_for
SELECT EXISTS (SELECT FROM shigotoba.booking_delegate WHERE owner_id = %(owner_id)s AND delegate_id = %(person_id)s)

-- name: agreed_end
SELECT upper(booked) FROM shigotoba.booking WHERE booking_id = %(booking_id)s

-- name: revive
-- In use after all, perhaps after it had been released or ended here; if its time is over, settling ends it again.
UPDATE shigotoba.booking
SET state = 'checked_in', during = tstzrange(%(start)s, %(end)s), checked_in_at = %(at)s, checked_in_by = %(means)s,
    ended_at = NULL, version = version + 1
WHERE booking_id = %(booking_id)s

-- name: agree_end
UPDATE shigotoba.booking SET booked = tstzrange(lower(booked), %(end)s) WHERE booking_id = %(booking_id)s

-- name: lift_strike
UPDATE shigotoba.strike SET state = 'lifted', decided_at = %(now)s WHERE booking_id = %(booking_id)s
