-- name: share
INSERT INTO shigotoba.whereabouts (person_id, space_id, since, until)
SELECT %(person_id)s, space_id, %(now)s, %(until)s
FROM shigotoba.space JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND space.code = %(space)s AND kind <> 'equipment'
ON CONFLICT (person_id) DO UPDATE
SET space_id = excluded.space_id, since = excluded.since, until = excluded.until

-- name: stop
DELETE FROM shigotoba.whereabouts WHERE person_id = %(person_id)s

-- name: own
SELECT person_id, coalesce(display_name, login) AS name, site.code AS site, floor.code AS floor, space.name AS place,
       since
FROM shigotoba.whereabouts
JOIN shigotoba.person USING (person_id)
JOIN shigotoba.space USING (space_id)
JOIN shigotoba.floor USING (floor_id)
JOIN shigotoba.site ON site.site_id = space.site_id
WHERE person_id = %(person_id)s AND until > %(now)s

-- name: look
SELECT person_id, coalesce(display_name, login) AS name, site.code AS site, floor.code AS floor, space.name AS place,
       since
FROM shigotoba.whereabouts_reader AS chosen
JOIN shigotoba.whereabouts USING (person_id)
JOIN shigotoba.person USING (person_id)
JOIN shigotoba.space USING (space_id)
JOIN shigotoba.floor USING (floor_id)
JOIN shigotoba.site ON site.site_id = space.site_id
WHERE chosen.reader_id = %(reader_id)s AND until > %(now)s AND person.active
ORDER BY name

-- name: readers
SELECT person.person_id, coalesce(display_name, login) AS name
FROM shigotoba.whereabouts_reader AS chosen
JOIN shigotoba.person ON person.person_id = chosen.reader_id
WHERE chosen.person_id = %(person_id)s AND login IS NOT NULL
ORDER BY name

-- name: choose
INSERT INTO shigotoba.whereabouts_reader (person_id, reader_id)
SELECT %(person_id)s, reader.person_id
FROM shigotoba.person AS reader
JOIN shigotoba.person AS asker ON asker.person_id = %(person_id)s AND asker.organisation_id = reader.organisation_id
WHERE reader.login = %(login)s AND reader.active AND reader.person_id <> %(person_id)s
ON CONFLICT (person_id, reader_id) DO UPDATE SET reader_id = excluded.reader_id

-- name: unchoose
DELETE FROM shigotoba.whereabouts_reader WHERE person_id = %(person_id)s AND reader_id = %(reader_id)s

-- name: forget_past
DELETE FROM shigotoba.whereabouts WHERE until <= %(now)s
