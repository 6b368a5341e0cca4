-- name: put_site
INSERT INTO shigotoba.site (code, name, name_en, time_zone)
VALUES (%(code)s, %(name)s, %(name_en)s, %(time_zone)s)
ON CONFLICT (code) DO UPDATE
SET name = EXCLUDED.name, name_en = EXCLUDED.name_en, time_zone = EXCLUDED.time_zone
RETURNING site_id

-- name: put_floor
INSERT INTO shigotoba.floor (site_id, code, name, name_en, level)
VALUES (%(site_id)s, %(code)s, %(name)s, %(name_en)s, %(level)s)
ON CONFLICT (site_id, code) DO UPDATE
SET name = EXCLUDED.name, name_en = EXCLUDED.name_en, level = EXCLUDED.level

-- name: put_space
INSERT INTO shigotoba.space (site_id, floor_id, code, kind, seat_type, name, capacity, x, y)
SELECT %(site_id)s, floor.floor_id, %(code)s, %(kind)s, %(seat_type)s, %(name)s, %(capacity)s, %(x)s, %(y)s
FROM shigotoba.floor
WHERE floor.site_id = %(site_id)s AND floor.code = %(floor)s
ON CONFLICT (site_id, code) DO UPDATE
SET floor_id = EXCLUDED.floor_id, kind = EXCLUDED.kind, seat_type = EXCLUDED.seat_type, name = EXCLUDED.name,
    capacity = EXCLUDED.capacity, x = EXCLUDED.x, y = EXCLUDED.y

-- name: put_device
INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s)
VALUES (%(site_id)s, %(code)s, %(kind)s, %(keep_alive_s)s)
ON CONFLICT (site_id, code) DO UPDATE
SET kind = EXCLUDED.kind, keep_alive_s = EXCLUDED.keep_alive_s

-- name: moved_since
-- Devices whose present assignment is to another space and began no earlier than the file's.
SELECT device.code
FROM unnest(%(devices)s::text[], %(spaces)s::text[]) AS wanted (device, space)
JOIN shigotoba.device ON device.site_id = %(site_id)s AND device.code = wanted.device
JOIN shigotoba.space ON space.site_id = %(site_id)s AND space.code = wanted.space
JOIN shigotoba.assignment USING (device_id)
WHERE upper_inf(assignment.during)
  AND assignment.space_id <> space.space_id
  AND lower(assignment.during) >= %(assigned_from)s
ORDER BY device.code

-- name: end_assignments
UPDATE shigotoba.assignment
SET during = tstzrange(lower(assignment.during), %(assigned_from)s)
FROM unnest(%(devices)s::text[], %(spaces)s::text[]) AS wanted (device, space)
JOIN shigotoba.device ON device.site_id = %(site_id)s AND device.code = wanted.device
JOIN shigotoba.space ON space.site_id = %(site_id)s AND space.code = wanted.space
WHERE assignment.device_id = device.device_id
  AND assignment.space_id <> space.space_id
  AND upper_inf(assignment.during)

-- name: begin_assignments
INSERT INTO shigotoba.assignment (device_id, space_id, during)
SELECT device.device_id, space.space_id, tstzrange(%(assigned_from)s, NULL)
FROM unnest(%(devices)s::text[], %(spaces)s::text[]) AS wanted (device, space)
JOIN shigotoba.device ON device.site_id = %(site_id)s AND device.code = wanted.device
JOIN shigotoba.space ON space.site_id = %(site_id)s AND space.code = wanted.space
WHERE NOT EXISTS (
    SELECT FROM shigotoba.assignment
    WHERE assignment.device_id = device.device_id AND upper_inf(assignment.during)
)
