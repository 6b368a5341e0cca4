-- name: of_devices
-- Each printer while it stood in the place, by stretch; sums of nothing but NULL are NULL. Coverage: hours in which the
-- counter of all impressions could be followed, of the hours that it stood there up to now.
WITH stretch AS (
    SELECT number,
           first::timestamp AT TIME ZONE %(time_zone)s AS start_at,
           least(beyond::timestamp AT TIME ZONE %(time_zone)s, %(now)s) AS end_at
    FROM unnest(%(firsts)s::date[], %(beyonds)s::date[]) WITH ORDINALITY AS asked (first, beyond, number)
), stay AS (
    SELECT device_id, assignment.during
    FROM shigotoba.assignment JOIN shigotoba.device USING (device_id)
    WHERE device.kind = 'mfp' AND space_id = ANY(%(spaces)s)
      AND (%(device_id)s::int IS NULL OR device_id = %(device_id)s)
)
SELECT stretch.number, stay.device_id,
       date_part('epoch', sum(upper(present.during) - lower(present.during))) / 3600 AS hours_there,
       sum(used.hours)::float8 AS hours_known,
       sum(used.impressions)::float8 AS impressions, sum(used.copies)::float8 AS copies,
       sum(used.colour)::float8 AS colour, sum(used.function_colour)::float8 AS function_colour,
       sum(used.large)::float8 AS large, sum(used.duplex_sides)::float8 AS duplex_sides,
       sum(used.duplex_sheets)::float8 AS duplex_sheets, sum(used.sheets)::float8 AS sheets,
       sum(used.fax_sent)::float8 AS fax_sent, sum(used.fax_received)::float8 AS fax_received,
       sum(used.fax_printed)::float8 AS fax_printed, sum(used.scans)::float8 AS scans,
       coalesce(sum(used.held), 0)::int AS held, coalesce(sum(used.resets), 0)::int AS resets,
       max(used.revised_at) AS revised_at, bool_and(lower(present.during) > stretch.start_at) AS came_late
FROM stretch
CROSS JOIN stay
CROSS JOIN LATERAL (
    SELECT stay.during * tstzrange(stretch.start_at, greatest(stretch.start_at, stretch.end_at)) AS during
) AS present
CROSS JOIN LATERAL (
    SELECT count(impressions_total) AS hours, sum(impressions_total) AS impressions, sum(impressions_copy) AS copies,
           sum(impressions_colour) AS colour, sum(impressions_print_colour + impressions_copy_colour) AS function_colour,
           sum(impressions_large) AS large, sum(impressions_duplex) AS duplex_sides,
           sum(sheets_duplex) AS duplex_sheets, sum(sheets_total) AS sheets, sum(printing.fax_sent) AS fax_sent,
           sum(printing.fax_received) AS fax_received, sum(impressions_fax) AS fax_printed, sum(scan_sent) AS scans,
           sum(printing.held) AS held, sum(printing.resets) AS resets, max(printing.revised_at) AS revised_at
    FROM shigotoba.printing_hour AS printing
    WHERE printing.device_id = stay.device_id
      AND bucket >= lower(present.during) AND bucket < upper(present.during)
) AS used
WHERE NOT isempty(present.during)
GROUP BY stretch.number, stay.device_id
