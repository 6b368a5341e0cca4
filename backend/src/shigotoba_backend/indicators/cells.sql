-- Each row is an atom: organisation, site, floor, zone, seat type, sections, space, devices, size. Sections are the section itself
-- and every one it is part of.

-- name: people
-- The smallest number of the fiscal year that was in force and not nothing.
SELECT organisation.code AS organisation, site.code AS site, floor.code AS floor, NULL AS zone, NULL AS seat_type, above.codes AS sections,
       NULL AS space, '{}'::text[] AS devices, coalesce(min(people) FILTER (WHERE people > 0), 0) AS size
FROM shigotoba.headcount_span_v1 AS counted
JOIN shigotoba.site USING (site_id)
JOIN shigotoba.organisation USING (organisation_id)
LEFT JOIN shigotoba.floor ON floor.floor_id = counted.floor_id
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(section.code), '{}') AS codes
    FROM shigotoba.section_above_v1 AS within JOIN shigotoba.section ON section.section_id = within.above_id
    WHERE within.section_id = counted.section_id
) AS above
WHERE counted.days && daterange(%(first)s, %(beyond)s)
GROUP BY organisation.code, site.code, floor.code, counted.section_id, above.codes

-- name: seats
-- A place for enough people is told of by itself.
SELECT organisation.code AS organisation, site.code AS site, floor.code AS floor, zone.code AS zone,
       seat_type, above.codes AS sections, CASE WHEN capacity >= %(enough)s THEN space.code END AS space,
       '{}'::text[] AS devices, sum(capacity)::int AS size
FROM shigotoba.space
JOIN shigotoba.floor USING (floor_id)
JOIN shigotoba.site ON site.site_id = space.site_id
JOIN shigotoba.organisation USING (organisation_id)
LEFT JOIN shigotoba.zone USING (zone_id)
LEFT JOIN shigotoba.section_place AS served
  ON served.space_id = space.space_id AND served.during @> %(on)s::date
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(section.code), '{}') AS codes
    FROM shigotoba.section_above_v1 AS within JOIN shigotoba.section ON section.section_id = within.above_id
    WHERE within.section_id = served.section_id
) AS above
WHERE space.kind = 'seat'
GROUP BY organisation.code, site.code, floor.code, zone.code, seat_type, served.section_id, above.codes,
         CASE WHEN capacity >= %(enough)s THEN space.code END

-- name: printers
-- A printer's place is about the people of the section it serves; one for all is about enough. Of a section without a headcount only
-- this is sure, that somebody works there. With the place go the printers that stood there within the year.
WITH staff AS (
    SELECT within.above_id AS section_id, sum(smallest.people)::int AS people
    FROM (
        SELECT section_id, min(people) FILTER (WHERE people > 0) AS people
        FROM shigotoba.headcount_span_v1
        WHERE days && daterange(%(first)s, %(beyond)s)
        GROUP BY section_id, site_id, floor_id
    ) AS smallest
    JOIN shigotoba.section_above_v1 AS within USING (section_id)
    GROUP BY within.above_id
)
SELECT organisation.code AS organisation, site.code AS site, floor.code AS floor, NULL AS zone, NULL AS seat_type, above.codes AS sections,
       space.code AS space,
       coalesce((SELECT array_agg(DISTINCT device.code)
                 FROM shigotoba.assignment JOIN shigotoba.device USING (device_id)
                 WHERE assignment.space_id = space.space_id
                   AND during && tstzrange(%(first)s::timestamp AT TIME ZONE site.time_zone,
                                           %(beyond)s::timestamp AT TIME ZONE site.time_zone)), '{}') AS devices,
       CASE WHEN served.section_id IS NULL THEN %(enough)s ELSE coalesce(staff.people, 1) END::int AS size
FROM shigotoba.space
JOIN shigotoba.floor USING (floor_id)
JOIN shigotoba.site ON site.site_id = space.site_id
JOIN shigotoba.organisation USING (organisation_id)
LEFT JOIN shigotoba.section_place AS served
  ON served.space_id = space.space_id AND served.during @> %(on)s::date
LEFT JOIN staff ON staff.section_id = served.section_id
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(section.code), '{}') AS codes
    FROM shigotoba.section_above_v1 AS within JOIN shigotoba.section ON section.section_id = within.above_id
    WHERE within.section_id = served.section_id
) AS above
WHERE space.kind = 'equipment'

-- name: seats_at
SELECT capacity
FROM shigotoba.site JOIN shigotoba.space USING (site_id)
WHERE site.code = %(site)s AND space.code = %(space)s AND space.kind = 'seat'
