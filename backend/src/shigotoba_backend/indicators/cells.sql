-- Each row is an atom: organisation, site, floor, zone, sections, space, devices, size. Sections are the section itself
-- and every one it is part of.

-- name: people
-- The smallest number of the fiscal year that was in force and not nothing.
WITH RECURSIVE upward AS (
    SELECT section_id, code, part_of, section_id AS of FROM shigotoba.section
    UNION
    SELECT section.section_id, section.code, section.part_of, upward.of
    FROM upward JOIN shigotoba.section ON section.section_id = upward.part_of
), rolls AS (
    SELECT *, lead(as_of) OVER (PARTITION BY site_id, section_id, floor_id ORDER BY as_of) AS until
    FROM shigotoba.headcount
)
SELECT organisation.code AS organisation, site.code AS site, floor.code AS floor, NULL AS zone,
       (SELECT array_agg(DISTINCT upward.code) FROM upward WHERE upward.of = rolls.section_id) AS sections,
       NULL AS space, '{}'::text[] AS devices, coalesce(min(people) FILTER (WHERE people > 0), 0) AS size
FROM rolls
JOIN shigotoba.site ON site.site_id = rolls.site_id
JOIN shigotoba.organisation USING (organisation_id)
LEFT JOIN shigotoba.floor ON floor.floor_id = rolls.floor_id
WHERE rolls.as_of < %(beyond)s AND (rolls.until IS NULL OR rolls.until > %(first)s)
GROUP BY organisation.code, site.code, floor.code, rolls.section_id

-- name: seats
WITH RECURSIVE upward AS (
    SELECT section_id, code, part_of, section_id AS of FROM shigotoba.section
    UNION
    SELECT section.section_id, section.code, section.part_of, upward.of
    FROM upward JOIN shigotoba.section ON section.section_id = upward.part_of
)
SELECT organisation.code AS organisation, site.code AS site, floor.code AS floor, zone.code AS zone,
       coalesce((SELECT array_agg(DISTINCT upward.code) FROM upward WHERE upward.of = served.section_id), '{}')
           AS sections,
       NULL AS space, '{}'::text[] AS devices, sum(capacity)::int AS size
FROM shigotoba.space
JOIN shigotoba.floor USING (floor_id)
JOIN shigotoba.site ON site.site_id = space.site_id
JOIN shigotoba.organisation USING (organisation_id)
LEFT JOIN shigotoba.zone USING (zone_id)
LEFT JOIN shigotoba.section_place AS served
  ON served.space_id = space.space_id AND served.during && daterange(%(first)s, %(beyond)s)
WHERE space.kind = 'seat'
GROUP BY organisation.code, site.code, floor.code, zone.code, served.section_id

-- name: printers
-- A printer is about the people of the section it serves; one for all is about enough.
WITH RECURSIVE upward AS (
    SELECT section_id, code, part_of, section_id AS of FROM shigotoba.section
    UNION
    SELECT section.section_id, section.code, section.part_of, upward.of
    FROM upward JOIN shigotoba.section ON section.section_id = upward.part_of
), rolls AS (
    SELECT *, lead(as_of) OVER (PARTITION BY site_id, section_id, floor_id ORDER BY as_of) AS until
    FROM shigotoba.headcount
), staff AS (
    SELECT within.of AS section_id, sum(smallest.people)::int AS people
    FROM (
        SELECT section_id, site_id, floor_id, min(people) FILTER (WHERE people > 0) AS people
        FROM rolls
        WHERE as_of < %(beyond)s AND (until IS NULL OR until > %(first)s)
        GROUP BY section_id, site_id, floor_id
    ) AS smallest
    JOIN upward AS within ON within.section_id = smallest.section_id
    GROUP BY within.of
)
SELECT organisation.code AS organisation, site.code AS site, floor.code AS floor, NULL AS zone,
       coalesce((SELECT array_agg(DISTINCT upward.code) FROM upward WHERE upward.of = served.section_id), '{}')
           AS sections,
       space.code AS space,
       coalesce((SELECT array_agg(DISTINCT device.code)
                 FROM shigotoba.assignment JOIN shigotoba.device USING (device_id)
                 WHERE assignment.space_id = space.space_id), '{}') AS devices,
       coalesce(min(staff.people), %(enough)s)::int AS size
FROM shigotoba.space
JOIN shigotoba.floor USING (floor_id)
JOIN shigotoba.site ON site.site_id = space.site_id
JOIN shigotoba.organisation USING (organisation_id)
LEFT JOIN shigotoba.section_place AS served
  ON served.space_id = space.space_id AND served.during && daterange(%(first)s, %(beyond)s)
LEFT JOIN staff ON staff.section_id = served.section_id
WHERE space.kind = 'equipment'
GROUP BY organisation.code, site.code, floor.code, space.space_id, served.section_id

-- name: seats_at
SELECT capacity
FROM shigotoba.site JOIN shigotoba.space USING (site_id)
WHERE site.code = %(site)s AND space.code = %(space)s AND space.kind = 'seat'
