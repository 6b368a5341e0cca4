-- name: floors
SELECT floor.code FROM shigotoba.floor JOIN shigotoba.site USING (site_id) WHERE site.code = %(site)s ORDER BY floor.level

-- name: floor_use
-- Floors whose figures are held back come as fiscal years to leave out, quarters with too few seats as seats and times.
SELECT day, site.code, floor.code, used.kind, point.name, point.value, point.unit
FROM shigotoba.site
JOIN shigotoba.floor USING (site_id)
CROSS JOIN LATERAL shigotoba.told_floor_days_v1(
    ARRAY[floor.floor_id], '{seat, booth, room, studio, lounge}', %(first)s, %(last)s + 1,
    %(withheld_spaces)s, %(withheld_from)s, %(withheld_until)s
) AS used
CROSS JOIN LATERAL (
    VALUES ('occupied_time', occupied_s, 's'), ('vacant_time', vacant_s, 's'), ('observed_spaces', spaces::float8, 'spaces')
) AS point (name, value, unit)
WHERE site.code = %(site)s
  AND (used.kind <> 'seat' OR (floor.code, extract(year FROM day - interval '3 months')::int) NOT IN (
      SELECT * FROM unnest(%(hidden_floors)s::text[], %(hidden_years)s::int[])))
ORDER BY day, floor.level, used.kind, point.name

-- name: floor_use_by_hour
-- The same by hour; an hour is held back with the fiscal year of its day.
SELECT bucket, site.code, floor.code, used.kind, point.name, point.value, point.unit
FROM shigotoba.site
JOIN shigotoba.floor USING (site_id)
CROSS JOIN LATERAL shigotoba.told_floor_hours_v1(
    ARRAY[floor.floor_id], '{seat, booth, room, studio, lounge}', %(first)s::timestamp AT TIME ZONE site.time_zone,
    (%(last)s + 1)::timestamp AT TIME ZONE site.time_zone,
    %(withheld_spaces)s, %(withheld_from)s, %(withheld_until)s
) AS used
CROSS JOIN LATERAL (
    VALUES ('occupied_time', occupied_s, 's'), ('vacant_time', vacant_s, 's'), ('observed_spaces', spaces::float8, 'spaces')
) AS point (name, value, unit)
WHERE site.code = %(site)s
  AND (used.kind <> 'seat' OR (
      floor.code, extract(year FROM bucket AT TIME ZONE site.time_zone - interval '3 months')::int
  ) NOT IN (SELECT * FROM unnest(%(hidden_floors)s::text[], %(hidden_years)s::int[])))
ORDER BY bucket, floor.level, used.kind, point.name

-- name: floor_use_by_quarter
-- The same by quarter of an hour, summed up here a day at a time: quarters are kept for each space alone.
SELECT used.bucket, site.code, floor.code, used.kind, point.name, point.value, point.unit
FROM shigotoba.site
CROSS JOIN LATERAL generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS day (local)
CROSS JOIN LATERAL (
    SELECT bucket, floor_id, kind, sum(occupied_s ORDER BY space_id) AS occupied_s,
           sum(vacant_s ORDER BY space_id) AS vacant_s, count(*) AS spaces
    FROM shigotoba.told_quarters_v1(
        ARRAY(SELECT space_id FROM shigotoba.space WHERE space.site_id = site.site_id),
        day.local AT TIME ZONE site.time_zone, (day.local + interval '1 day') AT TIME ZONE site.time_zone,
        %(withheld_spaces)s, %(withheld_from)s, %(withheld_until)s
    )
    JOIN shigotoba.space USING (space_id)
    WHERE occupied_s + vacant_s > 0
    GROUP BY bucket, floor_id, kind
) AS used
JOIN shigotoba.floor USING (floor_id)
CROSS JOIN LATERAL (
    VALUES ('occupied_time', occupied_s, 's'), ('vacant_time', vacant_s, 's'), ('observed_spaces', spaces::float8, 'spaces')
) AS point (name, value, unit)
WHERE site.code = %(site)s
  AND (used.kind <> 'seat' OR (floor.code, extract(year FROM day.local - interval '3 months')::int) NOT IN (
      SELECT * FROM unnest(%(hidden_floors)s::text[], %(hidden_years)s::int[])))
ORDER BY used.bucket, floor.level, used.kind, point.name

-- name: space_use
-- Seats are left out: each is one person's. Not known is what is left of the day up to now.
SELECT day, site.code, floor.code, space.code, space.kind, point.name, point.value, point.unit
FROM shigotoba.use_day AS used
JOIN shigotoba.space USING (space_id)
JOIN shigotoba.floor USING (floor_id)
JOIN shigotoba.site ON site.site_id = space.site_id
CROSS JOIN LATERAL (
    SELECT date_part('epoch', least((day + 1)::timestamp AT TIME ZONE site.time_zone, %(now)s)
                              - day::timestamp AT TIME ZONE site.time_zone) AS length_s
) AS passed
CROSS JOIN LATERAL (
    VALUES ('occupied_time', used.occupied_s, 's'), ('vacant_time', used.vacant_s, 's'),
           ('unknown_time', greatest(passed.length_s - used.occupied_s - used.vacant_s, 0), 's'),
           ('stays', used.sessions::float8, 'stays')
) AS point (name, value, unit)
WHERE site.code = %(site)s AND day BETWEEN %(first)s AND %(last)s AND space.kind <> 'seat'
ORDER BY day, floor.level, space.code, point.name

-- name: space_use_by_hour
-- Hours of which something is known, summed up from their quarters.
SELECT hour, site.code, floor.code, space.code, space.kind, point.name, point.value, point.unit
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.floor USING (floor_id)
CROSS JOIN LATERAL (
    SELECT date_bin('1 hour', bucket, '2000-01-01 00:00Z') AS hour, sum(occupied_s ORDER BY bucket) AS occupied_s,
           sum(vacant_s ORDER BY bucket) AS vacant_s, sum(sessions) AS sessions
    FROM shigotoba.use_15min
    WHERE use_15min.space_id = space.space_id AND occupied_s + vacant_s > 0
      AND bucket >= %(first)s::timestamp AT TIME ZONE site.time_zone
      AND bucket < (%(last)s + 1)::timestamp AT TIME ZONE site.time_zone
    GROUP BY 1
) AS used
CROSS JOIN LATERAL (
    VALUES ('occupied_time', used.occupied_s, 's'), ('vacant_time', used.vacant_s, 's'),
           ('unknown_time', greatest(least(3600, date_part('epoch', %(now)s - hour)) - used.occupied_s - used.vacant_s, 0), 's'),
           ('stays', used.sessions::float8, 'stays')
) AS point (name, value, unit)
WHERE site.code = %(site)s AND space.kind <> 'seat'
ORDER BY hour, floor.level, space.code, point.name

-- name: space_use_by_quarter
-- Quarters of which something is known; seats are left out here as well.
SELECT bucket, site.code, floor.code, space.code, space.kind, point.name, point.value, point.unit
FROM shigotoba.use_15min AS used
JOIN shigotoba.space USING (space_id)
JOIN shigotoba.floor USING (floor_id)
JOIN shigotoba.site ON site.site_id = space.site_id
CROSS JOIN LATERAL (
    VALUES ('occupied_time', used.occupied_s, 's'), ('vacant_time', used.vacant_s, 's'),
           ('unknown_time', greatest(least(900, date_part('epoch', %(now)s - bucket)) - used.occupied_s - used.vacant_s, 0), 's'),
           ('stays', used.sessions::float8, 'stays')
) AS point (name, value, unit)
WHERE site.code = %(site)s AND space.kind <> 'seat' AND used.occupied_s + used.vacant_s > 0
  AND bucket >= %(first)s::timestamp AT TIME ZONE site.time_zone
  AND bucket < (%(last)s + 1)::timestamp AT TIME ZONE site.time_zone
ORDER BY bucket, floor.level, space.code, point.name

-- name: seat_types
SELECT DISTINCT seat_type
FROM shigotoba.space JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND kind = 'seat' AND seat_type IS NOT NULL
ORDER BY seat_type

-- name: printing
-- A printer without a reading that day has blanks, one that stood still zeros.
SELECT day.local::date, site.code, device.code, point.name, point.value, point.unit
FROM shigotoba.site
CROSS JOIN LATERAL generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS day (local)
JOIN shigotoba.device ON device.site_id = site.site_id AND device.kind = 'mfp'
LEFT JOIN shigotoba.printing_day AS used ON used.device_id = device.device_id AND used.day = day.local::date
CROSS JOIN LATERAL (
    VALUES ('impressions_total', used.impressions_total, 'impressions'),
           ('impressions_print', used.impressions_print, 'impressions'),
           ('impressions_copy', used.impressions_copy, 'impressions'),
           ('impressions_fax', used.impressions_fax, 'impressions'),
           ('impressions_other', used.impressions_other, 'impressions'),
           ('impressions_mono', used.impressions_mono, 'impressions'),
           ('impressions_colour', used.impressions_colour, 'impressions'),
           ('impressions_large', used.impressions_large, 'impressions'),
           ('impressions_duplex', used.impressions_duplex, 'impressions'),
           ('sheets_total', used.sheets_total, 'sheets'), ('sheets_duplex', used.sheets_duplex, 'sheets'),
           ('fax_sent', used.fax_sent, 'pages'), ('fax_received', used.fax_received, 'pages'),
           ('scan_sent', used.scan_sent, 'pages')
) AS point (name, value, unit)
WHERE site.code = %(site)s
  AND (device.code, extract(year FROM day.local - interval '3 months')::int) NOT IN (
      SELECT * FROM unnest(%(hidden_devices)s::text[], %(hidden_years)s::int[]))
ORDER BY day.local, device.code, point.name

-- name: printing_by_hour
-- Hours in which a printer was heard; what its make does not count is left out.
SELECT used.bucket, site.code, device.code, point.name, point.value, point.unit
FROM shigotoba.printing_hour AS used
JOIN shigotoba.device USING (device_id)
JOIN shigotoba.site USING (site_id)
CROSS JOIN LATERAL (
    VALUES ('impressions_total', used.impressions_total, 'impressions'),
           ('impressions_print', used.impressions_print, 'impressions'),
           ('impressions_copy', used.impressions_copy, 'impressions'),
           ('impressions_fax', used.impressions_fax, 'impressions'),
           ('impressions_other', used.impressions_other, 'impressions'),
           ('impressions_mono', used.impressions_mono, 'impressions'),
           ('impressions_colour', used.impressions_colour, 'impressions'),
           ('impressions_large', used.impressions_large, 'impressions'),
           ('impressions_duplex', used.impressions_duplex, 'impressions'),
           ('sheets_total', used.sheets_total, 'sheets'), ('sheets_duplex', used.sheets_duplex, 'sheets'),
           ('fax_sent', used.fax_sent, 'pages'), ('fax_received', used.fax_received, 'pages'),
           ('scan_sent', used.scan_sent, 'pages')
) AS point (name, value, unit)
WHERE site.code = %(site)s AND point.value IS NOT NULL
  AND used.bucket >= %(first)s::timestamp AT TIME ZONE site.time_zone
  AND used.bucket < (%(last)s + 1)::timestamp AT TIME ZONE site.time_zone
  AND (device.code, extract(year FROM used.bucket AT TIME ZONE site.time_zone - interval '3 months')::int) NOT IN (
      SELECT * FROM unnest(%(hidden_devices)s::text[], %(hidden_years)s::int[]))
ORDER BY used.bucket, device.code, point.name

-- name: booth_stays
-- What the sensor saw, and whether somebody had booked it, pressed the button, or neither; where there never was a sensor,
-- what booking and button tell.
WITH place AS (
    SELECT space_id, site.code AS site, floor.code AS floor, space.code AS space,
           space.kind = 'booth' AND NOT EXISTS (
               SELECT FROM shigotoba.assignment JOIN shigotoba.device USING (device_id)
               WHERE assignment.space_id = space.space_id AND device.kind = 'booth_sensor') AS never_seen,
           %(first)s::timestamp AT TIME ZONE time_zone AS start_at, (%(last)s + 1)::timestamp AT TIME ZONE time_zone AS end_at
    FROM shigotoba.site
    JOIN shigotoba.space USING (site_id)
    JOIN shigotoba.floor USING (floor_id)
    WHERE site.code = %(site)s
), booked AS (
    SELECT space_id, range_agg(told.used) AS spans
    FROM place JOIN shigotoba.booking_figures_v1 AS told USING (space_id)
    WHERE NOT walk_in AND told.used && tstzrange(start_at, end_at)
    GROUP BY space_id
), used AS MATERIALIZED (
    SELECT space_id, told.during, never_seen
    FROM place JOIN shigotoba.booth_used_v1 AS told USING (space_id)
    WHERE told.during && tstzrange(start_at, end_at)
), taken AS (
    SELECT space_id, range_agg(during) AS spans FROM used GROUP BY space_id
), stay AS (
    SELECT space_id, during FROM shigotoba.booth_session
    UNION ALL
    SELECT space_id, during FROM used WHERE never_seen
)
SELECT lower(during), upper(during), site, floor, space,
       CASE WHEN booked.spans && during THEN 'booking' WHEN taken.spans && during THEN 'button' ELSE 'presence' END,
       (date_part('epoch', upper(during) - lower(during)))::float8, 's'
FROM place
JOIN stay USING (space_id)
LEFT JOIN booked USING (space_id)
LEFT JOIN taken USING (space_id)
WHERE lower(during) >= start_at AND lower(during) < end_at
ORDER BY lower(during), space

-- name: held_rises
-- Rises of counters that wait for a person, or of which one has decided; who that was is in the audit log.
SELECT from_at, to_at, site.code, device.code, held.name, held.rise,
       CASE WHEN held.name LIKE 'impressions%%' THEN 'impressions' WHEN held.name LIKE 'sheets%%' THEN 'sheets' ELSE 'pages' END,
       from_value, to_value, cause, coalesce(decision, 'waiting'), decided_at, reason
FROM shigotoba.counter_hold AS held
JOIN shigotoba.device USING (device_id)
JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s
  AND to_at >= %(first)s::timestamp AT TIME ZONE site.time_zone
  AND to_at < (%(last)s + 1)::timestamp AT TIME ZONE site.time_zone
  AND (device.code, extract(year FROM to_at AT TIME ZONE site.time_zone - interval '3 months')::int) NOT IN (
      SELECT * FROM unnest(%(hidden_devices)s::text[], %(hidden_years)s::int[]))
ORDER BY to_at, device.code, held.name, hold_id

-- name: imported_figures
SELECT series, scope, period, first, (beyond - 1)::date, part.name, part.value, part.counted, estimate, bound, excluded_reason,
       source, note, recorded_at, reason
FROM shigotoba.imported_figure_v1
CROSS JOIN LATERAL (
    VALUES ('value', numerator, denominator IS NOT NULL), ('denominator', denominator, true), ('excluded', excluded, true)
) AS part (name, value, counted)
WHERE scope = ANY(%(scopes)s) AND first <= %(last)s AND beyond > %(first)s AND part.value IS NOT NULL
ORDER BY series, scope, first, period, part.name
