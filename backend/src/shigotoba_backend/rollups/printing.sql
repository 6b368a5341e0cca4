-- name: readings
-- Those in the windows, and the last one before each.
WITH asked AS (
    SELECT point_id,
           timestamptz 'epoch' + start_ms * interval '1 millisecond' AS start_at,
           timestamptz 'epoch' + end_ms * interval '1 millisecond' AS end_at
    FROM unnest(%(point_ids)s::int[], %(starts_ms)s::bigint[], %(ends_ms)s::bigint[])
        AS asked (point_id, start_ms, end_ms)
), found AS (
    SELECT reading.point_id, reading.at, reading.seq, reading.value
    FROM asked
    JOIN shigotoba.reading ON reading.point_id = asked.point_id AND at >= asked.start_at AND at < asked.end_at
    WHERE value >= 0 AND value < %(not_a_counter_from)s
    UNION ALL
    SELECT asked.point_id, before.at, before.seq, before.value
    FROM asked
    CROSS JOIN LATERAL (
        SELECT at, seq, value
        FROM shigotoba.reading
        WHERE reading.point_id = asked.point_id AND at < asked.start_at
          AND value >= 0 AND value < %(not_a_counter_from)s
        ORDER BY at DESC, seq DESC, value DESC
        LIMIT 1
    ) AS before
)
SELECT point.device_id, point.name, (extract(epoch FROM found.at) * 1000)::bigint, found.seq, found.value
FROM found JOIN shigotoba.point USING (point_id)

-- name: following
SELECT asked.point_id, (extract(epoch FROM next.at) * 1000)::bigint
FROM unnest(%(point_ids)s::int[], %(to_ms)s::bigint[]) AS asked (point_id, to_ms)
CROSS JOIN LATERAL (
    SELECT at
    FROM shigotoba.reading
    WHERE reading.point_id = asked.point_id AND at > timestamptz 'epoch' + to_ms * interval '1 millisecond'
      AND value >= 0 AND value < %(not_a_counter_from)s
    ORDER BY at
    LIMIT 1
) AS next

-- name: extents
SELECT device_id,
       (extract(epoch FROM min(bucket)) * 1000)::bigint,
       (extract(epoch FROM max(bucket) + interval '1 hour') * 1000)::bigint
FROM shigotoba.printing_hour
GROUP BY device_id

-- name: forget
-- Rows of the computed stretches that are no more.
WITH stretch AS (
    SELECT device_id,
           timestamptz 'epoch' + start_ms * interval '1 millisecond' AS start_at,
           timestamptz 'epoch' + end_ms * interval '1 millisecond' AS end_at
    FROM unnest(%(range_device_ids)s::int[], %(starts_ms)s::bigint[], %(ends_ms)s::bigint[])
        AS stretch (device_id, start_ms, end_ms)
), computed AS (
    SELECT device_id, timestamptz 'epoch' + bucket_ms * interval '1 millisecond' AS bucket
    FROM unnest(%(device_ids)s::int[], %(buckets_ms)s::bigint[]) AS computed (device_id, bucket_ms)
)
DELETE FROM shigotoba.printing_hour AS held
USING stretch
WHERE held.device_id = stretch.device_id AND held.bucket >= stretch.start_at AND held.bucket < stretch.end_at
  AND NOT EXISTS (
    SELECT FROM computed WHERE (computed.device_id, computed.bucket) = (held.device_id, held.bucket)
)

-- name: put
INSERT INTO shigotoba.printing_hour AS held (
    device_id, bucket, impressions_total, impressions_print, impressions_copy, impressions_fax, impressions_other,
    fax_sent, scan_sent, resets, wraps
)
SELECT device_id, timestamptz 'epoch' + bucket_ms * interval '1 millisecond', impressions_total, impressions_print,
       impressions_copy, impressions_fax, impressions_other, fax_sent, scan_sent, resets, wraps
FROM unnest(
    %(device_ids)s::int[], %(buckets_ms)s::bigint[], %(impressions_total)s::bigint[], %(impressions_print)s::bigint[],
    %(impressions_copy)s::bigint[], %(impressions_fax)s::bigint[], %(impressions_other)s::bigint[],
    %(fax_sent)s::bigint[], %(scan_sent)s::bigint[], %(resets)s::int[], %(wraps)s::int[]
) AS computed (
    device_id, bucket_ms, impressions_total, impressions_print, impressions_copy, impressions_fax, impressions_other,
    fax_sent, scan_sent, resets, wraps
)
ON CONFLICT (device_id, bucket) DO UPDATE
SET impressions_total = EXCLUDED.impressions_total, impressions_print = EXCLUDED.impressions_print,
    impressions_copy = EXCLUDED.impressions_copy, impressions_fax = EXCLUDED.impressions_fax,
    impressions_other = EXCLUDED.impressions_other, fax_sent = EXCLUDED.fax_sent, scan_sent = EXCLUDED.scan_sent,
    resets = EXCLUDED.resets, wraps = EXCLUDED.wraps, revision = held.revision + 1
WHERE (held.impressions_total, held.impressions_print, held.impressions_copy, held.impressions_fax,
       held.impressions_other, held.fax_sent, held.scan_sent, held.resets, held.wraps)
      IS DISTINCT FROM
      (EXCLUDED.impressions_total, EXCLUDED.impressions_print, EXCLUDED.impressions_copy, EXCLUDED.impressions_fax,
       EXCLUDED.impressions_other, EXCLUDED.fax_sent, EXCLUDED.scan_sent, EXCLUDED.resets, EXCLUDED.wraps)
