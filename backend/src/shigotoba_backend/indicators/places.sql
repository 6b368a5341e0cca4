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

-- name: of_seat_type
SELECT site_id, time_zone, floor_id, zone_id, space_id, kind, capacity
FROM shigotoba.site JOIN shigotoba.space USING (site_id)
WHERE site.code = %(whole)s AND seat_type = %(part)s AND kind = 'seat'

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
SELECT site_id, time_zone, floor_id, zone_id, space_id, kind, capacity
FROM shigotoba.organisation
JOIN shigotoba.section USING (organisation_id)
JOIN shigotoba.section_above_v1 AS within ON within.above_id = section.section_id
JOIN shigotoba.section_place ON section_place.section_id = within.section_id
JOIN shigotoba.space USING (space_id)
JOIN shigotoba.site USING (site_id)
WHERE organisation.code = %(whole)s AND section.code = %(part)s AND section_place.during @> %(on)s::date

-- name: people
-- Of each section, site and floor the number that was in force; those of sections within a section are its own.
SELECT sum(people)::int
FROM unnest(%(days)s::date[]) WITH ORDINALITY AS asked (day, number)
LEFT JOIN (
    SELECT days, people
    FROM shigotoba.headcount_span_v1 AS counted
    JOIN shigotoba.site USING (site_id)
    JOIN shigotoba.organisation USING (organisation_id)
    LEFT JOIN shigotoba.floor ON floor.floor_id = counted.floor_id
    WHERE CASE %(kind)s
        WHEN 'organisation' THEN organisation.code = %(whole)s
        WHEN 'site' THEN site.code = %(whole)s
        WHEN 'floor' THEN site.code = %(whole)s AND floor.code = %(part)s
        WHEN 'section' THEN organisation.code = %(whole)s AND EXISTS (
            SELECT FROM shigotoba.section_above_v1 AS within
            JOIN shigotoba.section ON section.section_id = within.above_id
            WHERE within.section_id = counted.section_id AND section.code = %(part)s
              AND section.organisation_id = organisation.organisation_id
        )
        ELSE false
    END
) AS counted ON counted.days @> asked.day
GROUP BY asked.number
ORDER BY asked.number
