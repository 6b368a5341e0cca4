-- name: open_days
SELECT calendar.local::date AS day,
       CASE WHEN used.known_s > 0 THEN used.occupied_s END AS occupied_s,
       coalesce(used.known_s, 0) AS known_s,
       coalesce(hours.open_s, 0)::float8 AS open_s,
       coalesce(used.sessions, 0)::int AS sessions,
       used.revised_at
FROM shigotoba.site
CROSS JOIN LATERAL generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS calendar (local)
LEFT JOIN (
    SELECT spans.day, sum(extract(epoch FROM upper(span) - lower(span))) AS open_s
    FROM shigotoba.site
    CROSS JOIN LATERAL shigotoba.open_spans_v1(site.site_id, NULL, %(first)s::date, %(last)s::date + 1) AS spans
    CROSS JOIN LATERAL unnest(spans.open) AS span
    WHERE site.code = %(site)s
    GROUP BY spans.day
) AS hours ON hours.day = calendar.local::date
LEFT JOIN (
    SELECT used.day, sum(open_occupied_s) AS occupied_s, sum(open_occupied_s + open_vacant_s) AS known_s,
           sum(sessions) AS sessions, max(used.revised_at) AS revised_at
    FROM shigotoba.told_floor_days_v1(
        ARRAY(SELECT floor_id FROM shigotoba.site JOIN shigotoba.floor USING (site_id)
              WHERE site.code = %(site)s AND (%(floor)s::text IS NULL OR floor.code = %(floor)s)),
        ARRAY[%(kind)s::text], %(first)s, %(last)s::date + 1,
        %(withheld_spaces)s, %(withheld_from)s, %(withheld_until)s
    ) AS used
    GROUP BY used.day
) AS used ON used.day = calendar.local::date
WHERE site.code = %(site)s
ORDER BY calendar.local

-- name: open_spaces
SELECT space.code AS space, space.name, floor.code AS floor, space.seat_type,
       CASE WHEN used.known_s > 0 THEN used.occupied_s END AS occupied_s,
       coalesce(used.known_s, 0) AS known_s, coalesce(used.sessions, 0)::int AS sessions,
       coalesce(used.days, 0)::int AS days
FROM shigotoba.site
JOIN shigotoba.floor USING (site_id)
JOIN shigotoba.space USING (floor_id)
LEFT JOIN LATERAL (
    SELECT sum(open_occupied_s) AS occupied_s, sum(open_occupied_s + open_vacant_s) AS known_s,
           sum(sessions) AS sessions, count(*) FILTER (WHERE open_occupied_s + open_vacant_s > 0) AS days
    FROM shigotoba.use_day
    WHERE use_day.space_id = space.space_id AND day BETWEEN %(first)s AND %(last)s
) AS used ON true
WHERE site.code = %(site)s AND space.kind = %(kind)s AND (%(floor)s::text IS NULL OR floor.code = %(floor)s)
ORDER BY floor.level, floor.code, space.code

-- name: weekday_hours
SELECT extract(isodow FROM local)::int AS weekday, extract(hour FROM local)::int AS hour,
       sum(occupied_s) AS occupied_s, sum(occupied_s + vacant_s) AS known_s,
       count(DISTINCT local::date)::int AS days
FROM (
    SELECT quarter.bucket AT TIME ZONE site.time_zone AS local, quarter.occupied_s, quarter.vacant_s
    FROM shigotoba.site
    CROSS JOIN LATERAL shigotoba.told_open_quarters_v1(
        ARRAY(SELECT floor_id FROM shigotoba.floor
              WHERE floor.site_id = site.site_id AND (%(floor)s::text IS NULL OR floor.code = %(floor)s)),
        ARRAY[%(kind)s::text], %(first)s::timestamp AT TIME ZONE site.time_zone,
        (%(last)s::date + 1)::timestamp AT TIME ZONE site.time_zone,
        %(withheld_spaces)s, %(withheld_from)s, %(withheld_until)s
    ) AS quarter
    WHERE site.code = %(site)s
) AS quarters
GROUP BY 1, 2
HAVING sum(occupied_s + vacant_s) > 0
ORDER BY 1, 2

-- name: simultaneous
-- A quarter in which some spaces are unknown counts with what is known of the others; how many were known stands beside
-- the peak. Sums of floats that should be whole are so to the sixth digit.
WITH quarters AS (
    SELECT quarter.bucket, (quarter.bucket AT TIME ZONE site.time_zone)::date AS day,
           round((sum(quarter.occupied_s) / 900)::numeric, 6) AS taken,
           sum(quarter.occupied_s + quarter.vacant_s) / 900 AS known
    FROM shigotoba.site
    CROSS JOIN LATERAL shigotoba.told_open_quarters_v1(
        ARRAY(SELECT floor_id FROM shigotoba.floor
              WHERE floor.site_id = site.site_id AND (%(floor)s::text IS NULL OR floor.code = %(floor)s)),
        ARRAY[%(kind)s::text], %(first)s::timestamp AT TIME ZONE site.time_zone,
        (%(last)s::date + 1)::timestamp AT TIME ZONE site.time_zone,
        %(withheld_spaces)s, %(withheld_from)s, %(withheld_until)s
    ) AS quarter
    WHERE site.code = %(site)s
      AND quarter.occupied_s + quarter.vacant_s > 0
    GROUP BY quarter.bucket, site.time_zone
), levels AS (
    SELECT level.number, ceil(level.needed)::int AS enough,
           (SELECT count(*) FROM quarters WHERE taken > ceil(level.needed))::int AS short
    FROM (SELECT percentile_disc(%(levels)s::float8[]) WITHIN GROUP (ORDER BY taken) AS needed FROM quarters) AS found
    CROSS JOIN LATERAL unnest(found.needed) WITH ORDINALITY AS level (needed, number)
), peak AS (
    SELECT bucket, taken, known FROM quarters ORDER BY taken DESC, bucket LIMIT 1
)
SELECT count(*)::int AS quarters,
       (SELECT taken FROM peak)::float8 AS peak, (SELECT bucket FROM peak) AS peak_at,
       (SELECT known FROM peak)::float8 AS peak_known,
       avg(taken)::float8 AS average,
       (SELECT coalesce(array_agg(enough ORDER BY number), '{}') FROM levels) AS enough,
       (SELECT coalesce(array_agg(short ORDER BY number), '{}') FROM levels) AS short,
       (SELECT avg(busiest) FROM (SELECT max(taken) AS busiest FROM quarters GROUP BY day) AS days)::float8 AS busiest
FROM quarters

-- name: space_days
SELECT calendar.local::date AS day,
       CASE WHEN used.known_s > 0 THEN used.occupied_s END AS occupied_s,
       coalesce(used.known_s, 0) AS known_s,
       coalesce(hours.open_s, 0)::float8 AS open_s,
       coalesce(used.sessions, 0)::int AS sessions,
       used.revised_at
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
CROSS JOIN LATERAL generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS calendar (local)
LEFT JOIN LATERAL (
    SELECT sum(extract(epoch FROM upper(span) - lower(span))) AS open_s
    FROM shigotoba.open_spans_v1(site.site_id, space.space_id, calendar.local::date, calendar.local::date + 1) AS spans
    CROSS JOIN LATERAL unnest(spans.open) AS span
) AS hours ON true
LEFT JOIN LATERAL (
    SELECT open_occupied_s AS occupied_s, open_occupied_s + open_vacant_s AS known_s, sessions, revised_at
    FROM shigotoba.use_day
    WHERE use_day.space_id = space.space_id AND use_day.day = calendar.local::date
) AS used ON true
WHERE site.code = %(site)s AND space.code = %(space)s
ORDER BY calendar.local

-- name: named_space
SELECT space.kind, space.name FROM shigotoba.site JOIN shigotoba.space USING (site_id)
WHERE site.code = %(site)s AND space.code = %(space)s

-- name: space_devices
SELECT DISTINCT device.code AS device, device.kind
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.assignment USING (space_id)
JOIN shigotoba.device USING (device_id)
WHERE site.code = %(site)s AND space.code = %(space)s
  AND assignment.during && tstzrange(%(first)s::timestamp AT TIME ZONE site.time_zone,
                                     (%(last)s::date + 1)::timestamp AT TIME ZONE site.time_zone)
ORDER BY device.code
