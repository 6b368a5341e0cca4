-- name: take_person
SELECT pg_advisory_xact_lock(1397245011, %(person_id)s)

-- name: take_booth
SELECT pg_advisory_xact_lock(1397245012, %(space_id)s)

-- name: booth_of
SELECT space_id FROM shigotoba.booking WHERE booking_id = %(booking_id)s

-- name: settle
WITH settled AS (
    UPDATE shigotoba.booking
    SET state = shigotoba.booking_state_v1(state, during, lapses_at, %(now)s),
        during = CASE WHEN state = 'checked_in' THEN during
                      WHEN lapses_at <= lower(during) THEN 'empty'
                      ELSE tstzrange(lower(during), least(lapses_at, upper(during))) END,
        ended_at = CASE WHEN state = 'checked_in' THEN upper(during) ELSE ended_at END,
        asked_at = NULL,
        version = version + 1
    WHERE space_id = ANY(%(spaces)s) AND state IN ('offered', 'held', 'checked_in')
      AND shigotoba.booking_state_v1(state, during, lapses_at, %(now)s) <> state
    RETURNING booking_id, state, lapses_at, upper(during) AS until, upper(booked) AS booked_until, checked_in_at,
              source, owner_id
)
INSERT INTO shigotoba.booking_event (booking_id, at, kind, via, facts)
SELECT booking_id, coalesce(CASE WHEN state = 'ended' THEN until END, lapses_at),
       CASE WHEN state = 'ended' THEN 'ended' WHEN source = 'offer' THEN 'offer_expired' ELSE 'released' END, 'clock',
       CASE WHEN state = 'ended' THEN '{}'
            ELSE jsonb_build_object('recovered_s', greatest(0, date_part('epoch', booked_until - lapses_at))) END
FROM settled

-- name: unsettled_booths
SELECT DISTINCT space_id FROM shigotoba.booking
WHERE state IN ('offered', 'held', 'checked_in')
  AND shigotoba.booking_state_v1(state, during, lapses_at, %(now)s) <> state
ORDER BY space_id
