-- name: undecided
-- Presses of buttons for which no gateway has ever decided, and which have not been played here.
WITH button AS (
    SELECT point_id, device_id, site_id, device.code
    FROM shigotoba.device JOIN shigotoba.point USING (device_id)
    WHERE device.kind = 'booth_button' AND point.name = 'button'
), pressed AS (
    SELECT device_id, site_id, button.code AS device, reading.at, min(reading.label) AS label
    FROM button JOIN shigotoba.reading USING (point_id)
    WHERE reading.at > %(from)s AND reading.at <= %(until)s AND reading.label = ANY(%(labels)s)
    GROUP BY point_id, device_id, site_id, button.code, reading.at
)
SELECT space.space_id, site.code, space.code, pressed.device, pressed.at, pressed.label
FROM pressed
JOIN shigotoba.site USING (site_id)
JOIN shigotoba.assignment ON assignment.device_id = pressed.device_id AND assignment.during @> pressed.at
JOIN shigotoba.space ON space.space_id = assignment.space_id AND space.kind = 'booth'
WHERE NOT EXISTS (
    SELECT FROM shigotoba.gateway_decision AS decided
    WHERE decided.site_id = pressed.site_id AND decided.said ->> 'device' = pressed.device
      AND (decided.gateway <> %(here)s OR decided.at = pressed.at)
)
ORDER BY pressed.at, pressed.device
LIMIT %(most)s

-- name: held_at
-- One that was checked in to later had still been waiting; one that ended or was cancelled later still stood.
SELECT booking_id, lower(booked),
       CASE WHEN state = 'ended' AND ended_at > %(at)s THEN greatest(upper(booked), ended_at)
            WHEN state = 'ended' THEN ended_at ELSE upper(booked) END,
       made_at, CASE WHEN checked_in_at <= %(at)s THEN checked_in_at END
FROM shigotoba.booking
WHERE space_id = %(space_id)s AND source <> 'offer' AND approval IS DISTINCT FROM 'waiting' AND made_at <= %(at)s
  AND state <> 'offered' AND NOT (state = 'cancelled' AND ended_at <= %(at)s)
  AND NOT (state = 'ended' AND ended_at <= lower(booked))
  AND booked && tstzrange(%(at)s::timestamptz - interval '1 day', %(at)s::timestamptz + interval '1 day')

-- name: keep
INSERT INTO shigotoba.gateway_decision (site_id, gateway, epoch, number, at, said, outcome, booking_id, taken_at)
SELECT site_id, %(here)s, %(device)s, %(number)s, %(at)s, %(said)s, 'noted', %(booking_id)s, %(now)s
FROM shigotoba.site WHERE code = %(site)s
ON CONFLICT DO NOTHING

-- name: played
UPDATE shigotoba.gateway_decision SET outcome = %(outcome)s
FROM shigotoba.site
WHERE site.site_id = gateway_decision.site_id AND site.code = %(site)s AND gateway = %(here)s
  AND epoch = %(device)s AND number = %(number)s
