-- name: of_organisation
SELECT site_id, time_zone, floor_id, zone_id, space_id, kind, capacity
FROM shigotoba.organisation
JOIN shigotoba.site USING (organisation_id)
JOIN shigotoba.space USING (site_id)
WHERE organisation.code = %(whole)s

-- name: of_site
SELECT site_id, time_zone, floor_id, zone_id, space_id, kind, capacity
FROM shigotoba.site JOIN shigotoba.space USING (site_id)
WHERE site.code = %(whole)s

-- name: of_floor
SELECT space.site_id, time_zone, floor_id, zone_id, space_id, kind, capacity
FROM shigotoba.site
JOIN shigotoba.floor USING (site_id)
JOIN shigotoba.space USING (floor_id)
WHERE site.code = %(whole)s AND floor.code = %(part)s

-- name: of_zone
SELECT space.site_id, time_zone, space.floor_id, zone_id, space_id, kind, capacity
FROM shigotoba.site
JOIN shigotoba.zone USING (site_id)
JOIN shigotoba.space USING (zone_id)
WHERE site.code = %(whole)s AND zone.code = %(part)s

-- name: of_space
SELECT site_id, time_zone, floor_id, zone_id, space_id, kind, capacity
FROM shigotoba.site JOIN shigotoba.space USING (site_id)
WHERE site.code = %(whole)s AND space.code = %(part)s

-- name: of_device
SELECT DISTINCT space.site_id, time_zone, floor_id, zone_id, space_id, space.kind, capacity, device_id
FROM shigotoba.site
JOIN shigotoba.device USING (site_id)
JOIN shigotoba.assignment USING (device_id)
JOIN shigotoba.space USING (space_id)
WHERE site.code = %(whole)s AND device.code = %(part)s

-- name: of_section
WITH RECURSIVE within AS (
    SELECT section_id
    FROM shigotoba.organisation JOIN shigotoba.section USING (organisation_id)
    WHERE organisation.code = %(whole)s AND section.code = %(part)s
    UNION
    SELECT section.section_id FROM within JOIN shigotoba.section ON part_of = within.section_id
)
SELECT site_id, time_zone, floor_id, zone_id, space_id, kind, capacity
FROM within
JOIN shigotoba.section_place USING (section_id)
JOIN shigotoba.space USING (space_id)
JOIN shigotoba.site USING (site_id)
WHERE section_place.during @> %(on)s::date

-- name: people
-- Of each section, site and floor the newest number that was in force; sections within a section are its own.
WITH RECURSIVE within AS (
    SELECT section_id
    FROM shigotoba.organisation JOIN shigotoba.section USING (organisation_id)
    WHERE %(kind)s = 'section' AND organisation.code = %(whole)s AND section.code = %(part)s
    UNION
    SELECT section.section_id FROM within JOIN shigotoba.section ON part_of = within.section_id
), rolls AS (
    SELECT as_of, people,
           lead(as_of) OVER (PARTITION BY headcount.site_id, section_id, headcount.floor_id ORDER BY as_of) AS until
    FROM shigotoba.headcount
    JOIN shigotoba.site ON site.site_id = headcount.site_id
    JOIN shigotoba.organisation USING (organisation_id)
    LEFT JOIN shigotoba.floor ON floor.floor_id = headcount.floor_id
    WHERE CASE %(kind)s
        WHEN 'organisation' THEN organisation.code = %(whole)s
        WHEN 'site' THEN site.code = %(whole)s
        WHEN 'floor' THEN site.code = %(whole)s AND floor.code = %(part)s
        WHEN 'section' THEN section_id IN (SELECT section_id FROM within)
        ELSE false
    END
)
SELECT sum(people)::int
FROM unnest(%(days)s::date[]) WITH ORDINALITY AS asked (day, number)
LEFT JOIN rolls ON rolls.as_of <= asked.day AND (rolls.until IS NULL OR asked.day < rolls.until)
GROUP BY asked.number
ORDER BY asked.number
