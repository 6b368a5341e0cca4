-- name: presses
SELECT reading.at, reading.label, min(reading.seq)
FROM shigotoba.assignment
JOIN shigotoba.point USING (device_id)
JOIN shigotoba.reading USING (point_id)
WHERE assignment.space_id = %(space_id)s AND point.name = 'button' AND reading.label = ANY(%(labels)s)
  AND reading.at BETWEEN %(begin)s AND %(end)s
  AND assignment.during @> reading.at
GROUP BY reading.at, reading.label
ORDER BY min(reading.seq)

-- name: extents
SELECT space_id,
       (date_part('epoch', min(lower(during))) * 1000)::bigint,
       (date_part('epoch', max(upper(during))) * 1000)::bigint
FROM shigotoba.booth_use
WHERE source = 'button'
GROUP BY space_id

-- name: forget
DELETE FROM shigotoba.booth_use
WHERE source = 'button'
  AND int4range(space_id, space_id, '[]') && int4range(%(space_id)s, %(space_id)s, '[]')
  AND during && tstzrange(%(begin)s, %(end)s, '[]')

-- name: put
INSERT INTO shigotoba.booth_use (space_id, during, source, started_by)
SELECT %(space_id)s, tstzrange(start_at, end_at), 'button', started_by
FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[], %(started_by)s::bigint[])
    AS use (start_at, end_at, started_by)
