-- Instants cross as integer milliseconds since 1970 in UTC, as in ingest.

-- name: take_pen
SELECT pg_advisory_xact_lock(495874962531)

-- name: take_touched
WITH taken AS (
    DELETE FROM shigotoba.touched
    WHERE touched_id IN (SELECT touched_id FROM shigotoba.touched ORDER BY touched_id LIMIT %(most)s)
    RETURNING point_id, from_at, to_at
)
SELECT point_id,
       (date_part('epoch', from_at) * 1000)::bigint,
       (date_part('epoch', to_at) * 1000)::bigint
FROM taken

-- name: extents
SELECT point_id,
       (date_part('epoch', first_at) * 1000)::bigint,
       (date_part('epoch', last_at) * 1000)::bigint
FROM shigotoba.point
CROSS JOIN LATERAL shigotoba.extent_of_v1(point.point_id)

-- name: sensors
-- An open end of an assignment becomes a time outside every reading's.
SELECT point.point_id, point.name, point.device_id, assignment.space_id,
       CASE point.name WHEN 'occupancy' THEN floor(%(keep_alives)s * device.keep_alive_s * 1000)::bigint ELSE 0 END,
       (date_part('epoch', greatest(lower(assignment.during), '1970-01-01+00')) * 1000)::bigint,
       (date_part('epoch', least(upper(assignment.during), '2970-01-01+00')) * 1000)::bigint
FROM shigotoba.point
JOIN shigotoba.device USING (device_id)
LEFT JOIN shigotoba.assignment USING (device_id)
WHERE point.name = ANY(%(names)s)
