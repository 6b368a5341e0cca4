-- name: readings
-- Those in the windows, and the last one before each. One whose time is in doubt may stand in the wrong order, and then
-- its counter seems to fall and rise again; what it has counted is in the next one as well.
WITH asked AS (
    SELECT point_id,
           timestamptz 'epoch' + start_ms * interval '1 millisecond' AS start_at,
           timestamptz 'epoch' + end_ms * interval '1 millisecond' AS end_at
    FROM json_to_recordset(%(windows)s) AS asked (point_id int, start_ms bigint, end_ms bigint)
), found AS (
    SELECT reading.point_id, reading.at, reading.seq, reading.value
    FROM asked
    JOIN shigotoba.reading ON reading.point_id = asked.point_id AND at >= asked.start_at AND at < asked.end_at
    WHERE value >= 0 AND value < %(not_a_counter_from)s AND NOT uncertain
    UNION ALL
    SELECT asked.point_id, before.at, before.seq, before.value
    FROM asked
    CROSS JOIN LATERAL shigotoba.count_before_v1(asked.point_id, asked.start_at, %(not_a_counter_from)s) AS before
)
SELECT point.device_id, point.name, (date_part('epoch', found.at) * 1000)::bigint, found.seq, found.value
FROM found JOIN shigotoba.point USING (point_id)

-- name: following
-- The next reading of a counter after each stretch.
SELECT touched.point_id, (date_part('epoch', next.at) * 1000)::bigint
FROM json_to_recordset(%(touched)s) AS touched (point_id int, to_ms bigint)
CROSS JOIN LATERAL shigotoba.count_after_v1(
    point_id, timestamptz 'epoch' + to_ms * interval '1 millisecond', %(not_a_counter_from)s
) AS next

-- name: extents
SELECT device_id,
       (date_part('epoch', min(bucket)) * 1000)::bigint,
       (date_part('epoch', max(bucket) + interval '1 hour') * 1000)::bigint
FROM shigotoba.printing_hour
GROUP BY device_id

-- name: forget
-- Rows of the computed stretches that are no more.
DELETE FROM shigotoba.printing_hour AS held
USING json_to_recordset(%(stretches)s) AS stretch (device_id int, start_ms bigint, end_ms bigint)
WHERE held.device_id = stretch.device_id
  AND held.bucket >= timestamptz 'epoch' + start_ms * interval '1 millisecond'
  AND held.bucket < timestamptz 'epoch' + end_ms * interval '1 millisecond'
  AND NOT EXISTS (
    SELECT FROM json_to_recordset(%(computed)s) AS computed (device_id int, bucket_ms bigint)
    WHERE computed.device_id = held.device_id
      AND timestamptz 'epoch' + bucket_ms * interval '1 millisecond' = held.bucket
)

-- name: put
-- A change that comes more than two hours after the row was made is a revision.
INSERT INTO shigotoba.printing_hour AS held (
    device_id, bucket, impressions_total, impressions_print, impressions_copy, impressions_fax, impressions_other,
    fax_sent, scan_sent, impressions_mono, impressions_colour, impressions_print_mono, impressions_print_colour,
    impressions_copy_mono, impressions_copy_colour, impressions_large, impressions_duplex, sheets_total, sheets_duplex,
    fax_received, resets, wraps, held
)
SELECT
    device_id, timestamptz 'epoch' + bucket_ms * interval '1 millisecond',
    impressions_total, impressions_print, impressions_copy, impressions_fax, impressions_other, fax_sent, scan_sent,
    impressions_mono, impressions_colour, impressions_print_mono, impressions_print_colour, impressions_copy_mono,
    impressions_copy_colour, impressions_large, impressions_duplex, sheets_total, sheets_duplex, fax_received, resets,
    wraps, held
FROM json_to_recordset(%(computed)s) AS computed (
    device_id int, bucket_ms bigint, impressions_total bigint, impressions_print bigint, impressions_copy bigint,
    impressions_fax bigint, impressions_other bigint, fax_sent bigint, scan_sent bigint, impressions_mono bigint,
    impressions_colour bigint, impressions_print_mono bigint, impressions_print_colour bigint, impressions_copy_mono
    bigint, impressions_copy_colour bigint, impressions_large bigint, impressions_duplex bigint, sheets_total bigint,
    sheets_duplex bigint, fax_received bigint, resets int, wraps int, held int
)
ON CONFLICT (device_id, bucket) DO UPDATE SET
    impressions_total = EXCLUDED.impressions_total, impressions_print = EXCLUDED.impressions_print, impressions_copy =
    EXCLUDED.impressions_copy, impressions_fax = EXCLUDED.impressions_fax, impressions_other =
    EXCLUDED.impressions_other, fax_sent = EXCLUDED.fax_sent, scan_sent = EXCLUDED.scan_sent, impressions_mono =
    EXCLUDED.impressions_mono, impressions_colour = EXCLUDED.impressions_colour, impressions_print_mono =
    EXCLUDED.impressions_print_mono, impressions_print_colour = EXCLUDED.impressions_print_colour, impressions_copy_mono
    = EXCLUDED.impressions_copy_mono, impressions_copy_colour = EXCLUDED.impressions_copy_colour, impressions_large =
    EXCLUDED.impressions_large, impressions_duplex = EXCLUDED.impressions_duplex, sheets_total = EXCLUDED.sheets_total,
    sheets_duplex = EXCLUDED.sheets_duplex, fax_received = EXCLUDED.fax_received, resets = EXCLUDED.resets, wraps =
    EXCLUDED.wraps, held = EXCLUDED.held,
    revision = held.revision + 1,
    revised_at = CASE WHEN now() > held.computed_at + interval '2 hours' THEN now() ELSE held.revised_at END
WHERE (
    held.impressions_total, held.impressions_print, held.impressions_copy, held.impressions_fax, held.impressions_other,
    held.fax_sent, held.scan_sent, held.impressions_mono, held.impressions_colour, held.impressions_print_mono,
    held.impressions_print_colour, held.impressions_copy_mono, held.impressions_copy_colour, held.impressions_large,
    held.impressions_duplex, held.sheets_total, held.sheets_duplex, held.fax_received, held.resets, held.wraps,
    held.held
) IS DISTINCT FROM (
    EXCLUDED.impressions_total, EXCLUDED.impressions_print, EXCLUDED.impressions_copy, EXCLUDED.impressions_fax,
    EXCLUDED.impressions_other, EXCLUDED.fax_sent, EXCLUDED.scan_sent, EXCLUDED.impressions_mono,
    EXCLUDED.impressions_colour, EXCLUDED.impressions_print_mono, EXCLUDED.impressions_print_colour,
    EXCLUDED.impressions_copy_mono, EXCLUDED.impressions_copy_colour, EXCLUDED.impressions_large,
    EXCLUDED.impressions_duplex, EXCLUDED.sheets_total, EXCLUDED.sheets_duplex, EXCLUDED.fax_received, EXCLUDED.resets,
    EXCLUDED.wraps, EXCLUDED.held
)
