-- name: sites
SELECT code, name, name_en, time_zone FROM shigotoba.site ORDER BY code

-- name: organisation_of
SELECT organisation.code FROM shigotoba.site JOIN shigotoba.organisation USING (organisation_id) WHERE site.code = %(site)s

-- name: sections
SELECT organisation.code AS organisation, section.code, section.name, section.name_en
FROM shigotoba.site
JOIN shigotoba.organisation USING (organisation_id)
JOIN shigotoba.section USING (organisation_id)
WHERE site.code = %(site)s
ORDER BY section.code
