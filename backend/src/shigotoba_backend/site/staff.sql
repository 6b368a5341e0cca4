-- name: put_section
INSERT INTO shigotoba.section (organisation_id, code, name, name_en)
SELECT organisation_id, %(code)s, %(name)s, %(name_en)s FROM shigotoba.site WHERE site_id = %(site_id)s
ON CONFLICT (organisation_id, code) DO UPDATE
SET name = EXCLUDED.name, name_en = EXCLUDED.name_en

-- name: part_of
UPDATE shigotoba.section
SET part_of = parent.section_id
FROM shigotoba.section AS parent JOIN shigotoba.site USING (organisation_id)
WHERE site.site_id = %(site_id)s AND parent.code = %(part_of)s
  AND section.organisation_id = site.organisation_id AND section.code = %(code)s

-- name: put_headcount
INSERT INTO shigotoba.headcount (site_id, section_id, floor_id, as_of, people)
SELECT site.site_id, section.section_id, floor.floor_id, %(as_of)s, %(people)s
FROM shigotoba.site
JOIN shigotoba.section USING (organisation_id)
LEFT JOIN shigotoba.floor ON floor.site_id = site.site_id AND floor.code = %(floor)s
WHERE site.site_id = %(site_id)s AND section.code = %(section)s
ON CONFLICT (site_id, section_id, floor_id, as_of) DO UPDATE
SET people = EXCLUDED.people

-- name: known
SELECT section.code
FROM shigotoba.site JOIN shigotoba.section USING (organisation_id)
WHERE site.site_id = %(site_id)s AND section.code = ANY(%(sections)s)
