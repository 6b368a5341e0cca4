-- name: of_devices
-- Each printer while it stood in a place, by place and stretch; sums of nothing but NULL are NULL. Coverage: hours in which
-- the counter of all impressions could be followed, of the hours that it stood there up to now. A printer belongs to many
-- places, and is summed once for all of them.
WITH spot AS (
    SELECT DISTINCT place, time_zone, space_id, device_id
    FROM unnest(%(places)s::int[], %(time_zones)s::text[], %(spaces)s::int[], %(devices)s::int[])
        AS asked (place, time_zone, space_id, device_id)
), stretch AS (
    SELECT time_zone, number,
           first::timestamp AT TIME ZONE time_zone AS start_at,
           least(beyond::timestamp AT TIME ZONE time_zone, %(now)s) AS end_at
    FROM (SELECT DISTINCT time_zone FROM spot) AS zones
    CROSS JOIN unnest(%(firsts)s::date[], %(beyonds)s::date[]) WITH ORDINALITY AS asked (first, beyond, number)
), stay AS MATERIALIZED (
    -- An hour belongs to where the printer stood when it began; to where it was put up within it, if it stood nowhere before.
    SELECT space_id, device_id,
           tstzrange(CASE WHEN NOT EXISTS (
               SELECT FROM shigotoba.assignment AS before
               WHERE before.device_id = assignment.device_id
                 AND before.during && tstzrange(date_trunc('hour', lower(assignment.during), 'UTC'), lower(assignment.during))
           ) THEN date_trunc('hour', lower(during), 'UTC') ELSE lower(during) END, upper(during)) AS during
    FROM shigotoba.assignment JOIN shigotoba.device USING (device_id)
    WHERE device.kind = 'mfp' AND space_id = ANY(%(spaces)s)
), present AS MATERIALIZED (
    SELECT stretch.time_zone, stretch.number, stretch.start_at, stay.space_id, stay.device_id,
           greatest(stretch.start_at, lower(stay.during)) AS since, least(stretch.end_at, upper(stay.during)) AS beyond
    FROM stretch CROSS JOIN stay
), told AS MATERIALIZED (
    SELECT present.*, used.*
    FROM present
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(printing.hours), 0) AS hours, sum(impressions_total) AS impressions, sum(impressions_copy) AS copies,
               sum(impressions_colour) AS colour, sum(impressions_function_colour) AS function_colour,
               sum(impressions_large) AS large, sum(impressions_duplex) AS duplex_sides,
               sum(sheets_duplex) AS duplex_sheets, sum(sheets_total) AS sheets, sum(printing.fax_sent) AS fax_sent,
               sum(printing.fax_received) AS fax_received, sum(impressions_fax) AS fax_printed, sum(scan_sent) AS scans,
               sum(printing.held) AS held, sum(printing.resets) AS resets, max(printing.revised_at) AS revised_at
        FROM shigotoba.printed_v1(present.device_id, present.since, present.beyond) AS printing
    ) AS used
    WHERE present.since < present.beyond
)
SELECT spot.place, told.number, told.device_id,
       date_part('epoch', sum(told.beyond - told.since)) / 3600 AS hours_there,
       sum(told.hours)::float8 AS hours_known,
       sum(told.impressions)::float8 AS impressions, sum(told.copies)::float8 AS copies,
       sum(told.colour)::float8 AS colour, sum(told.function_colour)::float8 AS function_colour,
       sum(told.large)::float8 AS large, sum(told.duplex_sides)::float8 AS duplex_sides,
       sum(told.duplex_sheets)::float8 AS duplex_sheets, sum(told.sheets)::float8 AS sheets,
       sum(told.fax_sent)::float8 AS fax_sent, sum(told.fax_received)::float8 AS fax_received,
       sum(told.fax_printed)::float8 AS fax_printed, sum(told.scans)::float8 AS scans,
       coalesce(sum(told.held), 0)::int AS held, coalesce(sum(told.resets), 0)::int AS resets,
       max(told.revised_at) AS revised_at, bool_and(told.since > told.start_at) AS came_late
FROM spot
JOIN told ON told.space_id = spot.space_id AND told.time_zone = spot.time_zone
 AND (spot.device_id IS NULL OR spot.device_id = told.device_id)
GROUP BY spot.place, told.number, told.device_id
ORDER BY spot.place, told.number, told.device_id
