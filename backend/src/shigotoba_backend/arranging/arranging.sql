-- name: site
SELECT name, name_en FROM shigotoba.site WHERE code = %(site)s

-- name: rename_site
UPDATE shigotoba.site SET name = %(name)s, name_en = %(name_en)s WHERE code = %(site)s

-- name: floor
SELECT floor.name, floor.name_en, floor.level
FROM shigotoba.floor JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND floor.code = %(code)s

-- name: put_floor
INSERT INTO shigotoba.floor (site_id, code, name, name_en, level)
SELECT site_id, %(code)s, %(name)s, %(name_en)s, %(level)s FROM shigotoba.site WHERE code = %(site)s
ON CONFLICT (site_id, code) DO UPDATE SET name = EXCLUDED.name, name_en = EXCLUDED.name_en, level = EXCLUDED.level

-- name: places
SELECT space.code, space.name, floor.code AS floor, space.kind, space.seat_type, space.capacity
FROM shigotoba.site JOIN shigotoba.space USING (site_id) JOIN shigotoba.floor USING (floor_id)
WHERE site.code = %(site)s
ORDER BY floor.level, floor.code, space.code

-- name: add_place
INSERT INTO shigotoba.space (site_id, floor_id, code, kind, seat_type, name, capacity, x, y)
SELECT site.site_id, floor.floor_id, %(code)s, %(kind)s, %(seat_type)s, %(name)s, %(capacity)s, 0, 0
FROM shigotoba.site JOIN shigotoba.floor USING (site_id)
WHERE site.code = %(site)s AND floor.code = %(floor)s

-- name: change_place
UPDATE shigotoba.space
SET name = %(name)s, seat_type = %(seat_type)s, capacity = %(capacity)s
FROM shigotoba.site
WHERE site.site_id = space.site_id AND site.code = %(site)s AND space.code = %(code)s

-- name: devices
SELECT device.code, device.kind, device.keep_alive_s, present.code AS space, lower(now_at.during) AS since,
       coming.code AS next_space, lower(later.during) AS next_at
FROM shigotoba.site
JOIN shigotoba.device USING (site_id)
LEFT JOIN shigotoba.assignment AS now_at
  ON now_at.device_id = device.device_id AND now_at.during @> %(now)s::timestamptz
LEFT JOIN shigotoba.space AS present ON present.space_id = now_at.space_id
LEFT JOIN shigotoba.assignment AS later
  ON later.device_id = device.device_id AND lower(later.during) > %(now)s
LEFT JOIN shigotoba.space AS coming ON coming.space_id = later.space_id
WHERE site.code = %(site)s
ORDER BY device.kind, device.code

-- name: device_for_change
SELECT device_id
FROM shigotoba.device JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND device.code = %(device)s
FOR UPDATE OF device

-- name: space_id
SELECT space_id FROM shigotoba.space JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND space.code = %(space)s

-- name: moves_from
SELECT lower(during) FROM shigotoba.assignment
WHERE device_id = %(device_id)s AND lower(during) >= %(at)s
ORDER BY 1 LIMIT 1

-- name: where_at
SELECT space.code FROM shigotoba.assignment JOIN shigotoba.space USING (space_id)
WHERE device_id = %(device_id)s AND during @> %(at)s::timestamptz

-- name: leave
UPDATE shigotoba.assignment SET during = tstzrange(lower(during), %(at)s)
WHERE device_id = %(device_id)s AND during @> %(at)s::timestamptz

-- name: arrive
INSERT INTO shigotoba.assignment (device_id, space_id, during)
VALUES (%(device_id)s, %(space_id)s, tstzrange(%(at)s, NULL))

-- name: add_device
INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s)
SELECT site_id, %(device)s, %(kind)s, %(keep_alive_s)s FROM shigotoba.site WHERE code = %(site)s

-- name: hours
SELECT weekday, lower(days) AS first, upper(days) AS beyond, lower(minutes) AS opens_min, upper(minutes) AS closes_min
FROM shigotoba.opening_hours JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND (upper_inf(days) OR upper(days) > %(today)s)
ORDER BY lower(days) NULLS FIRST, weekday, lower(minutes)

-- name: cut_hours
UPDATE shigotoba.opening_hours AS opening SET days = daterange(lower(days), %(first)s)
FROM shigotoba.site
WHERE site.site_id = opening.site_id AND site.code = %(site)s AND weekday = ANY (%(weekdays)s)
  AND days @> %(first)s::date AND (lower_inf(days) OR lower(days) < %(first)s)

-- name: forget_hours
DELETE FROM shigotoba.opening_hours AS opening USING shigotoba.site
WHERE site.site_id = opening.site_id AND site.code = %(site)s AND weekday = ANY (%(weekdays)s)
  AND lower(days) >= %(first)s

-- name: add_hours
INSERT INTO shigotoba.opening_hours (site_id, weekday, days, minutes)
SELECT site_id, weekday, daterange(%(first)s, NULL), int4range(%(opens_min)s, %(closes_min)s)
FROM shigotoba.site CROSS JOIN unnest(%(weekdays)s::smallint[]) AS weekday
WHERE site.code = %(site)s

-- name: holidays
SELECT lower(days) AS first, upper(days) - 1 AS last, holiday.name, holiday.name_en
FROM shigotoba.holiday JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND upper(days) > %(today)s
ORDER BY lower(days)

-- name: add_holiday
INSERT INTO shigotoba.holiday (site_id, days, name, name_en)
SELECT site_id, daterange(%(first)s, %(last)s, '[]'), %(name)s, %(name_en)s FROM shigotoba.site WHERE code = %(site)s

-- name: drop_holiday
DELETE FROM shigotoba.holiday USING shigotoba.site
WHERE site.site_id = holiday.site_id AND site.code = %(site)s AND lower(days) = %(first)s

-- name: closures
SELECT closure_id, space.code AS space, lower(during) AS since, upper(during) AS until, reason
FROM shigotoba.closure JOIN shigotoba.site USING (site_id) LEFT JOIN shigotoba.space USING (space_id)
WHERE site.code = %(site)s AND (upper_inf(during) OR upper(during) > %(now)s)
ORDER BY lower(during)

-- name: add_closure
INSERT INTO shigotoba.closure (site_id, space_id, during, reason)
SELECT site_id, %(space_id)s, tstzrange(%(since)s, %(until)s), %(reason)s FROM shigotoba.site WHERE code = %(site)s
RETURNING closure_id

-- name: end_closure
UPDATE shigotoba.closure SET during = tstzrange(lower(during), %(now)s)
FROM shigotoba.site
WHERE site.site_id = closure.site_id AND site.code = %(site)s AND closure_id = %(closure_id)s
  AND lower(during) < %(now)s AND (upper_inf(during) OR upper(during) > %(now)s)

-- name: forget_closure
DELETE FROM shigotoba.closure USING shigotoba.site
WHERE site.site_id = closure.site_id AND site.code = %(site)s AND closure_id = %(closure_id)s
  AND lower(during) >= %(now)s
