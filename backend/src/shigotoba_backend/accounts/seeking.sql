-- name: look_up
SELECT person_id, login, coalesce(display_name, login) AS display_name, site.code AS home_site, active
FROM shigotoba.person
LEFT JOIN shigotoba.site ON site.site_id = person.home_site_id
WHERE login IS NOT NULL AND (site.code = %(site)s OR home_site_id IS NULL)
  AND (display_name ILIKE %(pattern)s OR login ILIKE %(pattern)s)
ORDER BY login
LIMIT %(most)s

-- name: names_of
SELECT person_id, coalesce(display_name, login) FROM shigotoba.person
WHERE person_id = ANY (%(person_ids)s) AND login IS NOT NULL

-- name: belongs
SELECT FROM shigotoba.person LEFT JOIN shigotoba.site ON site.site_id = person.home_site_id
WHERE person_id = %(person_id)s AND erased_at IS NULL AND (site.code = %(site)s OR home_site_id IS NULL)
  AND NOT EXISTS (
    SELECT FROM shigotoba.role_grant AS wider
    WHERE wider.person_id = person.person_id AND wider.site_id IS NULL AND wider.role = 'organisation_admin'
      AND upper_inf(wider.during))
