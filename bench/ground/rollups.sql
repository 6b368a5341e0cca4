-- name: fewer_seats
UPDATE shigotoba.space SET kind = 'lounge'
WHERE space_id NOT IN (SELECT space_id FROM shigotoba.space ORDER BY space_id LIMIT %(seats)s)

-- name: set_rhythm
UPDATE shigotoba.device SET keep_alive_s = 60 * %(every_min)s::int

-- name: open_in_office_hours
INSERT INTO shigotoba.opening_hours (site_id, weekday, days, minutes)
SELECT site_id, weekday, '[2020-01-01,)', '[510,1035)' FROM shigotoba.site, generate_series(1, 5) AS weekday

-- name: fill_readings
-- Each seat speaks in turn, and is taken for some of the hours.
INSERT INTO shigotoba.reading (point_id, at, seq, value, uncertain)
SELECT point_id, at, 1, (hashint8(point_id * 7919::bigint + extract(epoch FROM at)::bigint / 2400) & 3 = 0)::int, false
FROM generate_series(%(start)s::timestamptz, %(end)s::timestamptz, %(every_min)s::int * interval '1 minute') AS at
CROSS JOIN (SELECT point_id FROM shigotoba.point ORDER BY point_id LIMIT %(seats)s) AS spoken

-- name: make_months
SELECT shigotoba.ensure_reading_month_v1(month)
FROM generate_series(%(start)s::timestamptz, %(end)s::timestamptz + interval '1 month', interval '28 days') AS month

-- name: plain_day
-- What the rollup computes of occupancy, as one statement: no opening hours, no stays, no sums, nothing kept.
WITH span AS (
    SELECT space_id, value <> 0 AS occupied, reading.at AS start_at,
           lead(reading.at) OVER (PARTITION BY point_id ORDER BY reading.at, seq) AS end_at,
           make_interval(secs => 2.5 * keep_alive_s) AS reach
    FROM shigotoba.reading
    JOIN shigotoba.point USING (point_id)
    JOIN shigotoba.device USING (device_id)
    JOIN shigotoba.assignment USING (device_id)
    WHERE reading.at >= %(start)s AND reading.at <= %(end)s
), piece AS (
    SELECT space_id, occupied, quarter AS bucket,
           date_part('epoch', least(end_at, quarter + interval '15 minutes') - greatest(start_at, quarter)) AS length_s
    FROM span
    CROSS JOIN LATERAL generate_series(
        date_bin('15 minutes', start_at, 'epoch'), end_at - interval '1 microsecond', interval '15 minutes') AS quarter
    WHERE end_at - start_at <= reach
)
SELECT space_id, bucket, coalesce(sum(length_s) FILTER (WHERE occupied), 0), sum(length_s)
FROM piece
GROUP BY space_id, bucket
ORDER BY space_id, bucket

-- name: readings_of_day
SELECT space_id, (date_part('epoch', reading.at) * 1000)::bigint, value, 2500 * keep_alive_s
FROM shigotoba.reading
JOIN shigotoba.point USING (point_id)
JOIN shigotoba.device USING (device_id)
JOIN shigotoba.assignment USING (device_id)
WHERE reading.at >= %(start)s AND reading.at <= %(end)s

-- name: kept
SELECT space_id, bucket, occupied_s, occupied_s + vacant_s FROM shigotoba.use_15min
WHERE bucket >= %(start)s AND bucket < %(end)s AND occupied_s + vacant_s > 0
ORDER BY space_id, bucket

-- name: fill_quarters
INSERT INTO shigotoba.use_15min
    (space_id, bucket, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions)
SELECT space_id, bucket, busy, 900 - busy, 0, busy, 900 - busy, (busy > 600)::int
FROM shigotoba.open_spans_v1(1::smallint, NULL, %(first)s, %(beyond)s) AS opening,
     unnest(open) AS span,
     generate_series(lower(span), upper(span) - interval '15 minutes', interval '15 minutes') AS bucket
CROSS JOIN (SELECT space_id FROM shigotoba.space ORDER BY space_id LIMIT %(seats)s) AS used
CROSS JOIN LATERAL (
    SELECT (hashint8(space_id * 1000003::bigint + extract(epoch FROM bucket)::bigint) & 2147483647) %% 901 AS busy
) AS drawn

-- name: fill_sums
INSERT INTO shigotoba.use_day
    (space_id, day, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions, answered)
SELECT space_id, (bucket AT TIME ZONE 'Asia/Tokyo')::date, sum(occupied_s), sum(vacant_s), 0, sum(open_occupied_s),
       sum(open_vacant_s), sum(sessions), count(*) FILTER (WHERE occupied_s + vacant_s >= 450)
FROM shigotoba.use_15min
GROUP BY 1, 2;
INSERT INTO shigotoba.use_floor_day
    (floor_id, kind, day, occupied_s, vacant_s, spaces, open_occupied_s, open_vacant_s, sessions)
SELECT floor_id, kind, day, sum(occupied_s), sum(vacant_s), count(*), sum(open_occupied_s), sum(open_vacant_s),
       sum(sessions)
FROM shigotoba.use_day JOIN shigotoba.space USING (space_id)
GROUP BY 1, 2, 3;
INSERT INTO shigotoba.use_open_15min (floor_id, zone_id, kind, bucket, occupied_s, vacant_s)
SELECT floor_id, 0, kind, bucket, sum(open_occupied_s), sum(open_vacant_s)
FROM shigotoba.use_15min JOIN shigotoba.space USING (space_id)
GROUP BY 1, 2, 3, 4;
ANALYZE

-- name: plain_year
-- Utilisation by month and the peak, straight from the quarters.
WITH quarter AS (
    SELECT bucket, sum(open_occupied_s) AS taken_s, sum(open_occupied_s + open_vacant_s) AS known_s
    FROM shigotoba.use_15min JOIN shigotoba.space USING (space_id)
    WHERE kind = 'seat' AND open_occupied_s + open_vacant_s > 0 AND bucket >= %(start)s AND bucket < %(end)s
    GROUP BY bucket
)
SELECT date_trunc('month', bucket AT TIME ZONE 'Asia/Tokyo'), 100 * sum(taken_s) / sum(known_s), max(taken_s) / 900
FROM quarter
GROUP BY 1
ORDER BY 1

-- name: quarters_of_year
SELECT bucket, open_occupied_s, open_occupied_s + open_vacant_s
FROM shigotoba.use_15min JOIN shigotoba.space USING (space_id)
WHERE kind = 'seat' AND bucket >= %(start)s AND bucket < %(end)s
