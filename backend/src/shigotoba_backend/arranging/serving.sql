-- name: kept
SELECT space.code, space.name, floor.code AS floor, space.kind, section.code AS section, lower(serves.during) AS first
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.floor USING (floor_id)
LEFT JOIN shigotoba.section_place AS serves ON serves.space_id = space.space_id AND serves.during @> %(on)s::date
LEFT JOIN shigotoba.section USING (section_id)
WHERE site.code = %(site)s AND space.kind IN ('seat', 'equipment')
ORDER BY floor.level, floor.code, space.code

-- name: section_id
SELECT section_id
FROM shigotoba.section JOIN shigotoba.site USING (organisation_id)
WHERE site.code = %(site)s AND section.code = %(section)s

-- name: space_for_change
SELECT space_id
FROM shigotoba.space JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND space.code = %(space)s
FOR UPDATE OF space

-- name: later
SELECT lower(during) FROM shigotoba.section_place WHERE space_id = %(space_id)s AND lower(during) > %(first)s

-- name: served_on
SELECT section.code
FROM shigotoba.section_place JOIN shigotoba.section USING (section_id)
WHERE space_id = %(space_id)s AND during @> %(first)s::date

-- name: never_began
DELETE FROM shigotoba.section_place WHERE space_id = %(space_id)s AND lower(during) = %(first)s

-- name: end
UPDATE shigotoba.section_place SET during = daterange(lower(during), %(first)s)
WHERE space_id = %(space_id)s AND during @> %(first)s::date

-- name: begin
INSERT INTO shigotoba.section_place (section_id, space_id, during)
VALUES (%(section_id)s, %(space_id)s, daterange(%(first)s, NULL))
