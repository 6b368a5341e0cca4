-- name: not_worked_off
-- What is touched before the line of an earlier retention has no effect any more.
SELECT count(*)
FROM shigotoba.touched
WHERE from_at < %(before)s
  AND to_at >= coalesce((SELECT kept_from FROM shigotoba.retention), '-infinity')

-- name: expired_native
SELECT pg_class.relname, pg_total_relation_size(pg_class.oid)
FROM pg_inherits
JOIN pg_class ON pg_class.oid = inhrelid
WHERE inhparent = 'shigotoba.reading'::regclass
  AND (to_timestamp(relname, '"reading_"YYYY"_"MM')::timestamp + interval '1 month') AT TIME ZONE 'UTC' <= %(before)s
ORDER BY relname

-- name: expired_citus
SELECT pg_class.relname, citus_total_relation_size(pg_class.oid::regclass)
FROM pg_inherits
JOIN pg_class ON pg_class.oid = inhrelid
WHERE inhparent = 'shigotoba.reading'::regclass
  AND (to_timestamp(relname, '"reading_"YYYY"_"MM')::timestamp + interval '1 month') AT TIME ZONE 'UTC' <= %(before)s
ORDER BY relname

-- name: expired_timescale
SELECT sizes.chunk_name, sizes.total_bytes
FROM chunks_detailed_size('shigotoba.reading') AS sizes
JOIN timescaledb_information.chunks USING (chunk_schema, chunk_name)
WHERE chunks.range_end <= %(before)s
ORDER BY chunks.range_start

-- name: keep_from
INSERT INTO shigotoba.retention AS held (kept_from) VALUES (%(before)s)
ON CONFLICT (only_row) DO UPDATE SET kept_from = greatest(held.kept_from, EXCLUDED.kept_from)

-- name: wait_briefly
-- A drop that waits makes everybody behind it wait; rather fail and be tried again.
SELECT set_config('lock_timeout', '10s', true)

-- name: drop_native
SELECT shigotoba.drop_months_before_v1(%(before)s)

-- name: drop_citus
SELECT shigotoba.drop_months_before_v1(%(before)s)

-- name: drop_timescale
SELECT drop_chunks('shigotoba.reading', older_than => %(before)s::timestamptz)
