-- name: readings
SELECT reading.point_id, (extract(epoch FROM at) * 1000)::bigint, seq, value
FROM unnest(%(point_ids)s::int[], %(starts_ms)s::bigint[], %(ends_ms)s::bigint[]) AS asked (point_id, start_ms, end_ms)
JOIN shigotoba.reading
  ON reading.point_id = asked.point_id
 AND at >= timestamptz 'epoch' + start_ms * interval '1 millisecond'
 AND at < timestamptz 'epoch' + end_ms * interval '1 millisecond'
WHERE value IS NOT NULL

-- name: presses
SELECT reading.point_id, (extract(epoch FROM at) * 1000)::bigint, label
FROM unnest(%(point_ids)s::int[], %(starts_ms)s::bigint[], %(ends_ms)s::bigint[]) AS asked (point_id, start_ms, end_ms)
JOIN shigotoba.reading
  ON reading.point_id = asked.point_id
 AND at >= timestamptz 'epoch' + start_ms * interval '1 millisecond'
 AND at < timestamptz 'epoch' + end_ms * interval '1 millisecond'
WHERE label <> 'released'

-- name: extents
SELECT space_id,
       (extract(epoch FROM min(bucket)) * 1000)::bigint,
       (extract(epoch FROM max(bucket) + interval '15 minutes') * 1000)::bigint
FROM shigotoba.use_15min
GROUP BY space_id

-- name: forget
-- Rows of the computed stretches that are no more.
WITH stretch AS (
    SELECT space_id,
           timestamptz 'epoch' + start_ms * interval '1 millisecond' AS start_at,
           timestamptz 'epoch' + end_ms * interval '1 millisecond' AS end_at
    FROM unnest(%(range_space_ids)s::int[], %(starts_ms)s::bigint[], %(ends_ms)s::bigint[])
        AS stretch (space_id, start_ms, end_ms)
), computed AS (
    SELECT space_id, timestamptz 'epoch' + bucket_ms * interval '1 millisecond' AS bucket
    FROM unnest(%(space_ids)s::int[], %(buckets_ms)s::bigint[]) AS computed (space_id, bucket_ms)
)
DELETE FROM shigotoba.use_15min AS held
USING stretch
WHERE held.space_id = stretch.space_id AND held.bucket >= stretch.start_at AND held.bucket < stretch.end_at
  AND NOT EXISTS (
    SELECT FROM computed WHERE (computed.space_id, computed.bucket) = (held.space_id, held.bucket)
)

-- name: put
INSERT INTO shigotoba.use_15min AS held (space_id, bucket, occupied_s, vacant_s, presses)
SELECT space_id, timestamptz 'epoch' + bucket_ms * interval '1 millisecond', occupied_s, vacant_s, presses
FROM unnest(
    %(space_ids)s::int[], %(buckets_ms)s::bigint[], %(occupied_s)s::float8[], %(vacant_s)s::float8[], %(presses)s::int[]
) AS computed (space_id, bucket_ms, occupied_s, vacant_s, presses)
ON CONFLICT (space_id, bucket) DO UPDATE
SET occupied_s = EXCLUDED.occupied_s, vacant_s = EXCLUDED.vacant_s, presses = EXCLUDED.presses,
    revision = held.revision + 1
WHERE (held.occupied_s, held.vacant_s, held.presses)
      IS DISTINCT FROM (EXCLUDED.occupied_s, EXCLUDED.vacant_s, EXCLUDED.presses)
