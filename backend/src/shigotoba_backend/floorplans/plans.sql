-- name: versions
SELECT floor_plan_id AS plan_id, site.code AS site, floor.code AS floor, lower(valid) AS first, upper(valid) AS beyond, width_m, height_m,
       media_type, made_at, made_by
FROM shigotoba.site
JOIN shigotoba.floor USING (site_id)
JOIN shigotoba.floor_plan USING (floor_id)
WHERE site.code = %(site)s
  AND (%(floor)s::text IS NULL OR floor.code = %(floor)s)
  AND (%(plan_id)s::int IS NULL OR floor_plan_id = %(plan_id)s)
  AND (%(day)s::date IS NULL OR valid @> %(day)s::date)
ORDER BY floor.level, floor.code, lower(valid) DESC

-- name: places
SELECT space.code, placed.x, placed.y
FROM shigotoba.floor_plan_place AS placed JOIN shigotoba.space USING (space_id)
WHERE floor_plan_id = %(plan_id)s
ORDER BY space.code

-- name: devices
SELECT device.code, placed.x, placed.y
FROM shigotoba.floor_plan_device AS placed JOIN shigotoba.device USING (device_id)
WHERE floor_plan_id = %(plan_id)s
ORDER BY device.code

-- name: picture
SELECT media_type, picture
FROM shigotoba.floor_plan JOIN shigotoba.floor USING (floor_id) JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND floor_plan_id = %(plan_id)s AND picture IS NOT NULL

-- name: floor_for_change
-- The floor's row is taken, so that two who save at the same time do so one after the other.
SELECT floor.floor_id, (%(now)s AT TIME ZONE site.time_zone)::date
FROM shigotoba.site JOIN shigotoba.floor USING (site_id)
WHERE site.code = %(site)s AND floor.code = %(floor)s
FOR UPDATE OF floor

-- name: has_begun
SELECT EXISTS (SELECT FROM shigotoba.floor_plan WHERE floor_id = %(floor_id)s)

-- name: forget_beginning
DELETE FROM shigotoba.floor_plan WHERE floor_id = %(floor_id)s AND lower(valid) = %(first)s

-- name: shorten
UPDATE shigotoba.floor_plan
SET valid = daterange(lower(valid), %(first)s)
WHERE floor_id = %(floor_id)s AND valid @> %(first)s::date AND lower(valid) < %(first)s

-- name: add
INSERT INTO shigotoba.floor_plan (floor_id, valid, width_m, height_m, media_type, picture, made_at, made_by)
SELECT %(floor_id)s,
       daterange(%(first)s, (SELECT min(lower(valid)) FROM shigotoba.floor_plan
                             WHERE floor_id = %(floor_id)s AND lower(valid) > %(first)s)),
       %(width_m)s, %(height_m)s, %(media_type)s, %(picture)s, %(now)s, %(made_by)s
RETURNING floor_plan_id

-- name: put_places
INSERT INTO shigotoba.floor_plan_place (floor_plan_id, space_id, x, y)
SELECT %(plan_id)s, space_id, wanted.x, wanted.y
FROM unnest(%(codes)s::text[], %(xs)s::float8[], %(ys)s::float8[]) AS wanted (code, x, y)
JOIN shigotoba.space ON space.code = wanted.code AND space.floor_id = %(floor_id)s
RETURNING (SELECT code FROM shigotoba.space AS placed WHERE placed.space_id = floor_plan_place.space_id)

-- name: put_devices
-- A device may stand on the plan of the floor whose place it serves on the plan's first day or at any later time.
INSERT INTO shigotoba.floor_plan_device (floor_plan_id, device_id, x, y)
SELECT %(plan_id)s, device.device_id, wanted.x, wanted.y
FROM unnest(%(codes)s::text[], %(xs)s::float8[], %(ys)s::float8[]) AS wanted (code, x, y)
JOIN shigotoba.floor ON floor.floor_id = %(floor_id)s
JOIN shigotoba.device ON device.code = wanted.code AND device.site_id = floor.site_id
WHERE EXISTS (
    SELECT
    FROM shigotoba.assignment JOIN shigotoba.space USING (space_id)
    WHERE assignment.device_id = device.device_id AND space.floor_id = floor.floor_id
      AND (upper_inf(during) OR upper(during) > %(now)s)
)
RETURNING (SELECT code FROM shigotoba.device AS placed WHERE placed.device_id = floor_plan_device.device_id)

-- name: drop
DELETE FROM shigotoba.floor_plan WHERE floor_plan_id = %(plan_id)s

-- name: lengthen
-- What was shortened for the plan that goes is valid again until the next one.
UPDATE shigotoba.floor_plan
SET valid = daterange(lower(valid), %(beyond)s)
WHERE floor_id = %(floor_id)s AND upper(valid) = %(first)s

-- name: furniture
SELECT space.code, space.name, space.kind, place.x, place.y
FROM shigotoba.site
JOIN shigotoba.floor USING (site_id)
JOIN shigotoba.space USING (floor_id)
JOIN shigotoba.place_at_v1(site.site_id, %(now)s) AS place USING (space_id)
WHERE site.code = %(site)s AND floor.code = %(floor)s
ORDER BY space.code

-- name: fittings
SELECT device.code, device.kind, space.code AS space
FROM shigotoba.site
JOIN shigotoba.floor USING (site_id)
JOIN shigotoba.space USING (floor_id)
JOIN shigotoba.assignment USING (space_id)
JOIN shigotoba.device USING (device_id)
WHERE site.code = %(site)s AND floor.code = %(floor)s AND assignment.during @> %(now)s::timestamptz
ORDER BY space.code, device.code
