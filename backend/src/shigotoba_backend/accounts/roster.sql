-- name: accounts
SELECT person.person_id, person.login, coalesce(person.display_name, person.login) AS display_name,
       home.code AS home_site, person.active, person.left_at,
       coalesce(granted.roles, '{}') AS roles, coalesce(granted.role_sites, '{}') AS role_sites,
       (SELECT max(seen_at) FROM shigotoba.session WHERE session.person_id = person.person_id) AS seen_at,
       EXISTS (SELECT FROM shigotoba.local_password AS kept WHERE kept.person_id = person.person_id) AS has_password,
       EXISTS (SELECT FROM shigotoba.external_identity AS known WHERE known.person_id = person.person_id) AS has_identity,
       (SELECT expires_at FROM shigotoba.invitation
        WHERE invitation.person_id = person.person_id AND expires_at > %(now)s) AS invited_until,
       coalesce(failed.failures, '{}') AS failures, coalesce(failed.failed_at, '{}') AS failed_at
FROM shigotoba.person
JOIN shigotoba.organisation USING (organisation_id)
LEFT JOIN shigotoba.site AS home ON home.site_id = person.home_site_id
LEFT JOIN LATERAL (
    SELECT array_agg(role_grant.role ORDER BY role_grant.role, site.code) AS roles,
           array_agg(site.code ORDER BY role_grant.role, site.code) AS role_sites
    FROM shigotoba.role_grant LEFT JOIN shigotoba.site USING (site_id)
    WHERE role_grant.person_id = person.person_id AND role_grant.during @> %(now)s::timestamptz
) AS granted ON true
LEFT JOIN LATERAL (
    SELECT array_agg(failures) AS failures, array_agg(last_at) AS failed_at
    FROM shigotoba.sign_in_failure
    WHERE sign_in_failure.login = person.login AND last_at > %(since)s
) AS failed ON true
WHERE person.login IS NOT NULL AND organisation.code = %(organisation)s
  AND (%(person_id)s::int IS NULL OR person.person_id = %(person_id)s)
  AND (%(site)s::text IS NULL OR home.code = %(site)s OR person.home_site_id IS NULL OR %(site)s = ANY (granted.role_sites))
  AND (person.display_name ILIKE %(pattern)s OR person.login ILIKE %(pattern)s)
ORDER BY NOT person.active, person.login
LIMIT %(most)s
