-- name: open_in_office_hours
INSERT INTO shigotoba.opening_hours (site_id, weekday, days, minutes)
SELECT site_id, weekday, '[2020-01-01,)', '[510,1035)' FROM shigotoba.site, generate_series(1, 5) AS weekday

-- name: kinds_of_seats
UPDATE shigotoba.space SET seat_type = (ARRAY['focus', 'window', 'big_table', 'family_booth'])[1 + space_id % 4],
       x = (space_id / 10) % 20, y = (space_id / 200) % 10 * 2
WHERE kind = 'seat'

-- name: make_booths_and_printers
INSERT INTO shigotoba.space (site_id, floor_id, code, kind, name, capacity, x, y)
SELECT floor.site_id, floor_id, floor.code || '-' || letter || number, made.kind, floor.name || upper(letter) || number,
       1, 2 * number, depth
FROM shigotoba.floor
CROSS JOIN (VALUES ('booth', 'b', %(booths)s::int, 12), ('equipment', 'p', %(printers)s::int, 14))
    AS made (kind, letter, wanted, depth)
CROSS JOIN LATERAL generate_series(1, wanted / (SELECT count(*)::int FROM shigotoba.floor)) AS number

-- name: make_their_devices
WITH made AS (
    INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s)
    SELECT site_id, 'on-' || code, CASE kind WHEN 'booth' THEN 'booth_sensor' ELSE 'mfp' END, 60
    FROM shigotoba.space WHERE kind IN ('booth', 'equipment')
    RETURNING device_id, site_id, code, kind
), assigned AS (
    INSERT INTO shigotoba.assignment (device_id, space_id, during)
    SELECT device_id, space_id, tstzrange('2020-01-01+00', NULL)
    FROM made JOIN shigotoba.space ON space.site_id = made.site_id AND 'on-' || space.code = made.code
)
INSERT INTO shigotoba.point (device_id, name)
SELECT device_id, CASE kind WHEN 'mfp' THEN 'impressions_total' ELSE 'occupancy' END FROM made

-- name: fill_printing
-- Every hour is known; people print in office hours.
INSERT INTO shigotoba.printing_hour (
    device_id, bucket, impressions_total, impressions_print, impressions_copy, impressions_fax, impressions_mono,
    impressions_colour, impressions_duplex, sheets_total, sheets_duplex, fax_sent, fax_received, scan_sent
)
SELECT device_id, bucket, 10 * busy, 6 * busy, 3 * busy, busy, 7 * busy, 3 * busy, 4 * busy, 8 * busy, 2 * busy,
       busy / 2, busy, busy
FROM shigotoba.device
CROSS JOIN generate_series(%(first)s::timestamptz, %(beyond)s::timestamptz - interval '1 hour', interval '1 hour') AS bucket
CROSS JOIN LATERAL (SELECT bucket AT TIME ZONE 'Asia/Tokyo' AS local) AS zoned
CROSS JOIN LATERAL (
    SELECT CASE WHEN extract(isodow FROM local) < 6 AND extract(hour FROM local) BETWEEN 8 AND 17
                THEN 5 + (hashint8(device_id * 1000003::bigint + extract(epoch FROM bucket)::bigint) & 2147483647) %% 20
                ELSE 0 END AS busy
) AS drawn
WHERE device.kind = 'mfp'

-- name: fill_bookings
-- Each booth is booked four hours of each working day; some are cancelled late, some released, most are used.
INSERT INTO shigotoba.booking (
    space_id, during, booked, barred, state, source, made_at, check_in_from, lapses_at, checked_in_at, checked_in_by,
    ended_at
)
SELECT space_id, during, booked, during, state, 'phone', start - interval '1 day', start - interval '5 minutes',
       start + interval '10 minutes', CASE WHEN state = 'ended' THEN start END, CASE WHEN state = 'ended' THEN 'phone' END,
       CASE WHEN state = 'cancelled' THEN start - interval '10 minutes' ELSE upper(during) END
FROM shigotoba.space
CROSS JOIN generate_series(%(first)s::timestamptz AT TIME ZONE 'Asia/Tokyo', %(last)s::timestamp, interval '1 day') AS day
CROSS JOIN (VALUES (9), (11), (13), (15)) AS slot (hour)
CROSS JOIN LATERAL (
    SELECT (date_trunc('day', day) + hour * interval '1 hour') AT TIME ZONE 'Asia/Tokyo' AS start,
           (hashint8(space_id * 1000003::bigint + extract(epoch FROM day)::bigint + hour) & 2147483647) %% 10 AS chance
) AS drawn
CROSS JOIN LATERAL (
    SELECT tstzrange(start, start + interval '1 hour') AS booked,
           CASE WHEN chance = 0 THEN 'cancelled' WHEN chance < 3 THEN 'released' ELSE 'ended' END AS state
) AS came
CROSS JOIN LATERAL (
    SELECT CASE state WHEN 'cancelled' THEN 'empty'::tstzrange
                      WHEN 'released' THEN tstzrange(start, start + interval '10 minutes')
                      ELSE tstzrange(start, start + interval '45 minutes') END AS during
) AS held
WHERE space.kind = 'booth' AND extract(isodow FROM day) < 6

-- name: fill_booth_sessions
INSERT INTO shigotoba.booth_session (space_id, during)
SELECT space_id, during FROM shigotoba.booking WHERE state = 'ended' AND lower(during) < %(beyond)s

-- name: fill_unmet_demand
INSERT INTO shigotoba.unmet_demand (site_id, wanted, asker, reason, at)
SELECT site_id, tstzrange(at, at + interval '1 hour'), int4send(number), 'none_free', at
FROM shigotoba.site
CROSS JOIN generate_series(%(first)s::timestamptz, %(beyond)s::timestamptz, interval '1 day') AS at
CROSS JOIN generate_series(1, 3) AS number

-- name: fill_people
WITH section AS (
    INSERT INTO shigotoba.section (organisation_id, code, name, name_en)
    SELECT organisation_id, 'soumu', '総務課', 'General affairs' FROM shigotoba.site
    RETURNING section_id
)
INSERT INTO shigotoba.headcount (site_id, section_id, floor_id, as_of, people)
SELECT site_id, section_id, floor_id, '2020-04-01', 130 FROM shigotoba.floor, section

-- name: silence
-- So many seats said nothing for a while.
WITH silent AS (
    SELECT space_id FROM shigotoba.space WHERE kind = 'seat' ORDER BY space_id LIMIT %(seats)s
)
DELETE FROM shigotoba.use_15min USING silent
WHERE use_15min.space_id = silent.space_id AND bucket >= %(first)s AND bucket < %(beyond)s
