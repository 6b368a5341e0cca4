-- name: make_site
INSERT INTO shigotoba.site (code, name, name_en, time_zone)
VALUES (%(site)s, '本庁舎', 'Main building', 'Asia/Tokyo')

-- name: make_floors
INSERT INTO shigotoba.floor (site_id, code, name, name_en, level)
SELECT site_id, number || 'f', number || '階', 'Floor ' || number, number
FROM shigotoba.site, generate_series(1, %(floors)s::int) AS number
WHERE site.code = %(site)s

-- name: make_seats
INSERT INTO shigotoba.space (site_id, floor_id, code, kind, seat_type, name, capacity, x, y)
SELECT floor.site_id, floor.floor_id, 's' || lpad(number::text, 4, '0'), 'seat', 'focus', '席' || number, 1, 0, 0
FROM generate_series(0, %(seats)s::int - 1) AS number
JOIN shigotoba.floor ON floor.level = 1 + number %% %(floors)s::int
JOIN shigotoba.site ON site.site_id = floor.site_id AND site.code = %(site)s

-- name: make_sensors
WITH sensor AS (
    INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s)
    SELECT site_id, 'ble-' || space.code, 'seat_sensor', 60
    FROM shigotoba.space JOIN shigotoba.site USING (site_id)
    WHERE site.code = %(site)s
    ORDER BY space_id
    RETURNING device_id, site_id, code
), assigned AS (
    INSERT INTO shigotoba.assignment (device_id, space_id, during)
    SELECT sensor.device_id, space.space_id, tstzrange('2020-01-01+00', NULL)
    FROM sensor JOIN shigotoba.space ON space.site_id = sensor.site_id AND 'ble-' || space.code = sensor.code
)
INSERT INTO shigotoba.point (device_id, name) SELECT device_id, 'occupancy' FROM sensor

-- name: points
SELECT device.code, point.point_id FROM shigotoba.point JOIN shigotoba.device USING (device_id)

-- name: make_months
SELECT shigotoba.ensure_reading_month_v1(to_timestamp(%(first_ms)s / 1000.0) + number * interval '1 month')
FROM generate_series(-1, 1) AS number

-- name: copy_out_by_time
COPY (
    SELECT point_id, at + %(moved_ms)s * interval '1 millisecond', seq, value, label, uncertain FROM shigotoba.reading
    WHERE at > timestamptz 'epoch' + %(since_ms)s * interval '1 millisecond'
      AND at <= timestamptz 'epoch' + %(until_ms)s * interval '1 millisecond'
    ORDER BY at
) TO STDOUT (FORMAT binary)

-- name: copy_out_by_point
COPY (
    SELECT point_id, at + %(moved_ms)s * interval '1 millisecond', seq, value, label, uncertain FROM shigotoba.reading
    WHERE at > timestamptz 'epoch' + %(since_ms)s * interval '1 millisecond'
      AND at <= timestamptz 'epoch' + %(until_ms)s * interval '1 millisecond'
    ORDER BY point_id, at
) TO STDOUT (FORMAT binary)

-- name: copy_in
COPY shigotoba.reading (point_id, at, seq, value, label, uncertain) FROM STDIN (FORMAT binary)

-- name: insert
INSERT INTO shigotoba.reading (point_id, at, seq, value, label, uncertain)
VALUES (%s, timestamptz 'epoch' + %s * interval '1 millisecond', %s, %s, %s, %s)

-- name: count_rows
SELECT count(*) FROM shigotoba.reading

-- name: empty
TRUNCATE shigotoba.reading

-- name: fill
-- Older readings of the same month, in order of time.
INSERT INTO shigotoba.reading (point_id, at, seq, value, uncertain)
SELECT 1 + number %% %(seats)s::int,
       timestamptz 'epoch' + (%(first_ms)s::bigint - %(rows)s::bigint / 10 + number / 10) * interval '1 millisecond',
       number, number %% 2, false
FROM generate_series(1, %(rows)s::bigint) AS number

-- name: fill_quarters
-- Office hours of working days are busier; every seat and booth has every quarter. The triggers are off then: the sums are
-- made by themselves.
INSERT INTO shigotoba.use_15min
    (space_id, bucket, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions)
SELECT space_id, bucket, busy, 900 - busy, 0, opened * busy, opened * (900 - busy), (busy > 600)::int
FROM generate_series(%(first)s::timestamptz, %(beyond)s::timestamptz - interval '15 minutes', interval '15 minutes')
    AS bucket
CROSS JOIN shigotoba.space
CROSS JOIN LATERAL (SELECT bucket AT TIME ZONE 'Asia/Tokyo' AS local) AS zoned
CROSS JOIN LATERAL (
    SELECT (extract(isodow FROM local) < 6 AND local::time >= '08:30' AND local::time < '17:15')::int AS opened
) AS hours
CROSS JOIN LATERAL (
    SELECT CASE WHEN extract(hour FROM local) BETWEEN 9 AND 17
                THEN (hashint8(space_id * 1000003::bigint + extract(epoch FROM bucket)::bigint) & 2147483647) %% 901
                ELSE 0 END AS busy
) AS drawn
WHERE kind IN ('seat', 'booth')

-- name: triggers_off
SET session_replication_role = replica

-- name: triggers_on
SET session_replication_role = origin

-- name: fill_days
INSERT INTO shigotoba.use_day
    (space_id, day, occupied_s, vacant_s, presses, answered, open_occupied_s, open_vacant_s, sessions)
SELECT space_id, day, busy, 86400 - busy, 0, 96, opened * busy, opened * (31500 - busy), opened * (1 + busy / 8000)
FROM shigotoba.space
CROSS JOIN generate_series(%(first)s::timestamptz AT TIME ZONE 'Asia/Tokyo', %(last)s::timestamp, interval '1 day') AS day
CROSS JOIN LATERAL (
    SELECT (extract(isodow FROM day) < 6)::int AS opened,
           9000 + (hashint8(space_id * 1000003::bigint + extract(epoch FROM day)::bigint) & 2147483647) %% 18000 AS busy
) AS drawn
WHERE kind IN ('seat', 'booth')

-- name: fill_floor_hours
INSERT INTO shigotoba.use_floor_hour (floor_id, kind, bucket, occupied_s, vacant_s, spaces)
SELECT floor_id, kind, bucket, 1000 * spaces, 2600 * spaces, spaces
FROM (SELECT floor_id, kind, count(*) AS spaces FROM shigotoba.space WHERE kind IN ('seat', 'booth') GROUP BY 1, 2) AS there
CROSS JOIN generate_series(%(first)s::timestamptz, %(last)s::timestamptz, interval '1 hour') AS bucket

-- name: fill_floor_days
INSERT INTO shigotoba.use_floor_day
    (floor_id, kind, day, occupied_s, vacant_s, spaces, open_occupied_s, open_vacant_s, sessions)
SELECT floor_id, kind, day, sum(occupied_s), sum(vacant_s), count(*), sum(open_occupied_s), sum(open_vacant_s),
       sum(sessions)
FROM shigotoba.use_day JOIN shigotoba.space USING (space_id)
GROUP BY floor_id, kind, day

-- name: fill_open_quarters
INSERT INTO shigotoba.use_open_15min (floor_id, zone_id, kind, bucket, occupied_s, vacant_s)
SELECT floor_id, 0, kind, bucket, busy * spaces, (900 - busy) * spaces
FROM (SELECT floor_id, kind, count(*) AS spaces FROM shigotoba.space WHERE kind IN ('seat', 'booth') GROUP BY 1, 2) AS there
CROSS JOIN generate_series(%(first)s::timestamptz, %(beyond)s::timestamptz - interval '15 minutes', interval '15 minutes')
    AS bucket
CROSS JOIN LATERAL (SELECT bucket AT TIME ZONE 'Asia/Tokyo' AS local) AS zoned
CROSS JOIN LATERAL (
    SELECT 100 + (hashint8(floor_id * 1000003::bigint + extract(epoch FROM bucket)::bigint) & 2147483647) %% 701 AS busy
) AS drawn
WHERE extract(isodow FROM local) < 6 AND local::time >= '08:30' AND local::time < '17:15'

-- name: fill_latest
INSERT INTO shigotoba.latest (point_id, at, value, changed_at)
SELECT point_id, %(now)s, point_id %% 2, %(now)s::timestamptz - interval '10 minutes' FROM shigotoba.point
WHERE name = 'occupancy'

-- name: fill_raw_days
-- One reading a minute of every seat.
INSERT INTO shigotoba.reading (point_id, at, seq, value, uncertain)
SELECT point_id, at, 1, (point_id + extract(minute FROM at)::int) %% 2, false
FROM generate_series(%(now)s::timestamptz - %(days)s::int * interval '1 day', %(now)s, interval '1 minute') AS at
CROSS JOIN shigotoba.point
WHERE name = 'occupancy'

-- name: months_until
SELECT shigotoba.ensure_reading_month_v1(%(now)s::timestamptz - number * interval '28 days')
FROM generate_series(0, 3) AS number

-- name: analyze
VACUUM ANALYZE

-- name: raw_rows
SELECT point_id, (date_part('epoch', at) * 1000)::bigint, seq, value
FROM shigotoba.reading WHERE at >= %(since)s AND value IS NOT NULL

-- name: raw_bulk
SELECT point_id, (date_part('epoch', at) * 1000)::bigint AS at_ms, seq, value
FROM shigotoba.reading WHERE at >= $1 AND value IS NOT NULL

-- name: raw_arrays
SELECT string_agg(int4send(point_id), ''::bytea),
       string_agg(int8send((date_part('epoch', at) * 1000)::bigint), ''::bytea),
       string_agg(int8send(seq), ''::bytea), string_agg(float8send(value), ''::bytea)
FROM shigotoba.reading WHERE at >= %(since)s AND value IS NOT NULL

-- name: raw_array_agg
SELECT array_agg(point_id), array_agg((date_part('epoch', at) * 1000)::bigint), array_agg(seq), array_agg(value)
FROM shigotoba.reading WHERE at >= %(since)s AND value IS NOT NULL

-- name: count_quarters
SELECT count(*) FROM shigotoba.use_15min

-- name: make_key_tables
CREATE TABLE bare (
    point_id int NOT NULL, at timestamptz NOT NULL, seq bigint NOT NULL, value float8, label text,
    uncertain boolean NOT NULL
);
CREATE TABLE indexed (LIKE bare);
CREATE INDEX ON indexed (point_id, at);
CREATE TABLE keyed (LIKE bare, PRIMARY KEY (point_id, at, seq));
CREATE TABLE "both" (LIKE bare, PRIMARY KEY (point_id, at, seq));
CREATE INDEX ON "both" (point_id, at)

-- name: made_rows
-- 1,000 points in turn, in order of time.
COPY (
    SELECT 1 + number %% 1000, timestamptz '2026-11-01+00' + (%(turn)s * %(rows)s::bigint + number) * interval '0.01 s',
           number::bigint, (number %% 2)::float8, NULL::text, false
    FROM generate_series(1, %(rows)s) AS number
) TO STDOUT (FORMAT binary)

-- name: copy_into_bare
COPY bare FROM STDIN (FORMAT binary)

-- name: copy_into_indexed
COPY indexed FROM STDIN (FORMAT binary)

-- name: copy_into_keyed
COPY keyed FROM STDIN (FORMAT binary)

-- name: copy_into_both
COPY "both" FROM STDIN (FORMAT binary)

-- name: key_table_sizes
SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relname IN ('bare', 'indexed', 'keyed', 'both')
