-- name: of_organisation
SELECT number, site_id, time_zone, floor_id, zone_id, space_id, kind, capacity
FROM unnest(%(wholes)s::text[], %(parts)s::text[]) WITH ORDINALITY AS asked (whole, part, number)
JOIN shigotoba.organisation ON organisation.code = asked.whole
JOIN shigotoba.site USING (organisation_id)
JOIN shigotoba.space USING (site_id)

-- name: of_site
SELECT number, site_id, time_zone, floor_id, zone_id, space_id, kind, capacity
FROM unnest(%(wholes)s::text[], %(parts)s::text[]) WITH ORDINALITY AS asked (whole, part, number)
JOIN shigotoba.site ON site.code = asked.whole
JOIN shigotoba.space USING (site_id)

-- name: of_floor
SELECT number, space.site_id, time_zone, floor_id, zone_id, space_id, kind, capacity
FROM unnest(%(wholes)s::text[], %(parts)s::text[]) WITH ORDINALITY AS asked (whole, part, number)
JOIN shigotoba.site ON site.code = asked.whole
JOIN shigotoba.floor USING (site_id)
JOIN shigotoba.space USING (floor_id)
WHERE floor.code = asked.part

-- name: of_zone
SELECT number, space.site_id, time_zone, space.floor_id, zone_id, space_id, kind, capacity
FROM unnest(%(wholes)s::text[], %(parts)s::text[]) WITH ORDINALITY AS asked (whole, part, number)
JOIN shigotoba.site ON site.code = asked.whole
JOIN shigotoba.zone USING (site_id)
JOIN shigotoba.space USING (zone_id)
WHERE zone.code = asked.part

-- name: of_seat_type
SELECT number, site_id, time_zone, floor_id, zone_id, space_id, kind, capacity
FROM unnest(%(wholes)s::text[], %(parts)s::text[]) WITH ORDINALITY AS asked (whole, part, number)
JOIN shigotoba.site ON site.code = asked.whole
JOIN shigotoba.space USING (site_id)
WHERE seat_type = asked.part AND kind = 'seat'

-- name: of_space
SELECT number, site_id, time_zone, floor_id, zone_id, space_id, kind, capacity
FROM unnest(%(wholes)s::text[], %(parts)s::text[]) WITH ORDINALITY AS asked (whole, part, number)
JOIN shigotoba.site ON site.code = asked.whole
JOIN shigotoba.space USING (site_id)
WHERE space.code = asked.part

-- name: of_device
SELECT DISTINCT number, space.site_id, time_zone, floor_id, zone_id, space_id, space.kind, capacity, device_id
FROM unnest(%(wholes)s::text[], %(parts)s::text[]) WITH ORDINALITY AS asked (whole, part, number)
JOIN shigotoba.site ON site.code = asked.whole
JOIN shigotoba.device USING (site_id)
JOIN shigotoba.assignment USING (device_id)
JOIN shigotoba.space USING (space_id)
WHERE device.code = asked.part

-- name: of_section
SELECT number, site_id, time_zone, floor_id, zone_id, space_id, kind, capacity
FROM unnest(%(wholes)s::text[], %(parts)s::text[]) WITH ORDINALITY AS asked (whole, part, number)
JOIN shigotoba.organisation ON organisation.code = asked.whole
JOIN shigotoba.section USING (organisation_id)
JOIN shigotoba.section_above_v1 AS within ON within.above_id = section.section_id
JOIN shigotoba.section_place ON section_place.section_id = within.section_id
JOIN shigotoba.space USING (space_id)
JOIN shigotoba.site USING (site_id)
WHERE section.code = asked.part AND section_place.during @> %(on)s::date

-- name: turns
-- Months in which a place begins or ends to serve a section.
SELECT DISTINCT date_trunc('month', day)::date
FROM shigotoba.section_place, unnest(ARRAY[lower(during), upper(during)]) AS day
WHERE day > %(first)s AND day <= %(last)s
ORDER BY 1

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
