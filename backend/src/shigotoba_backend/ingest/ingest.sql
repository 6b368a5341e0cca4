-- Single instants cross as integer milliseconds since 1970 in UTC; multiplying an interval by one is exact.
-- Columns of them cross as they are (see arrays.py).

-- name: sites
SELECT code, site_id FROM shigotoba.site WHERE code = ANY(%(codes)s)

-- name: make_points
INSERT INTO shigotoba.point (device_id, name)
SELECT device.device_id, asked.name
FROM unnest(%(site_ids)s::smallint[], %(devices)s::text[], %(names)s::text[]) AS asked (site_id, device, name)
JOIN shigotoba.device ON device.site_id = asked.site_id AND device.code = asked.device
WHERE NOT EXISTS (
    SELECT FROM shigotoba.point WHERE point.device_id = device.device_id AND point.name = asked.name
)
ON CONFLICT DO NOTHING

-- name: points
SELECT asked.site_id, asked.device, asked.name, point.point_id
FROM unnest(%(site_ids)s::smallint[], %(devices)s::text[], %(names)s::text[]) AS asked (site_id, device, name)
JOIN shigotoba.device ON device.site_id = asked.site_id AND device.code = asked.device
JOIN shigotoba.point ON point.device_id = device.device_id AND point.name = asked.name

-- name: ensure_months
SELECT shigotoba.ensure_reading_month_v1(timestamptz 'epoch' + at_ms * interval '1 millisecond')
FROM unnest(%(ats_ms)s::bigint[]) AS at_ms

-- name: copy_readings
COPY shigotoba.reading (point_id, at, seq, value, label, uncertain) FROM STDIN (FORMAT binary)

-- name: lock_latest
SELECT point_id, (date_part('epoch', at) * 1000)::bigint, value, label, (date_part('epoch', changed_at) * 1000)::bigint
FROM shigotoba.latest
WHERE point_id = ANY(%(point_ids)s::int[])
ORDER BY point_id
FOR UPDATE

-- name: put_latest
INSERT INTO shigotoba.latest AS held (point_id, at, value, label, changed_at)
SELECT point_id, at, value, label, changed_at
FROM unnest(
    %(point_ids)s::int[], %(ats)s::timestamptz[], %(values)s::float8[], %(labels)s::text[],
    %(changed_ats)s::timestamptz[]
) AS newest (point_id, at, value, label, changed_at)
ON CONFLICT (point_id) DO UPDATE
SET at = EXCLUDED.at, value = EXCLUDED.value, label = EXCLUDED.label, changed_at = EXCLUDED.changed_at
WHERE held.at <= EXCLUDED.at

-- name: note_touched
INSERT INTO shigotoba.touched (point_id, from_at, to_at)
SELECT point_id, from_at, to_at
FROM unnest(%(point_ids)s::int[], %(from_at)s::timestamptz[], %(to_at)s::timestamptz[])
    AS touched (point_id, from_at, to_at)

-- name: put_health
INSERT INTO shigotoba.gateway_health AS held (site_id, gateway, at, payload)
VALUES (
    %(site_id)s, %(gateway)s, timestamptz 'epoch' + %(at_ms)s::bigint * interval '1 millisecond', %(payload)s::jsonb
)
ON CONFLICT (site_id, gateway) DO UPDATE SET at = EXCLUDED.at, payload = EXCLUDED.payload
WHERE held.at <= EXCLUDED.at

-- name: try_lock_shard
-- The first number stands for ingest shards, in every version.
SELECT pg_try_advisory_lock(718210346, %(shard)s)

-- name: ping
SELECT 1
