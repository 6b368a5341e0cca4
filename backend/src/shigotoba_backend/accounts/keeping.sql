-- name: sites
SELECT code FROM shigotoba.site WHERE code = ANY (%(sites)s)

-- name: create
INSERT INTO shigotoba.person (login, display_name, home_site_id, email, language)
VALUES (%(login)s, %(display_name)s, (SELECT site_id FROM shigotoba.site WHERE code = %(home_site)s), %(email)s,
        %(language)s)
RETURNING person_id

-- name: grant
INSERT INTO shigotoba.role_grant (person_id, role, organisation_id, site_id, during, granted_by)
SELECT person_id, %(role)s, organisation_id, (SELECT site_id FROM shigotoba.site WHERE code = %(site)s),
       tstzrange(%(now)s, NULL), %(by)s
FROM shigotoba.person
WHERE person_id = %(person_id)s AND NOT EXISTS (
    SELECT FROM shigotoba.role_grant AS known
    WHERE known.person_id = %(person_id)s AND known.role = %(role)s AND known.during && tstzrange(%(now)s, NULL)
      AND known.site_id IS NOT DISTINCT FROM (SELECT site_id FROM shigotoba.site WHERE code = %(site)s)
)

-- name: withdraw
UPDATE shigotoba.role_grant SET during = tstzrange(lower(during), %(now)s)
WHERE person_id = %(person_id)s AND role = %(role)s AND during @> %(now)s::timestamptz AND lower(during) < %(now)s
  AND site_id IS NOT DISTINCT FROM (SELECT site_id FROM shigotoba.site WHERE code = %(site)s)

-- name: withdraw_all
UPDATE shigotoba.role_grant SET during = tstzrange(lower(during), %(now)s)
WHERE person_id = %(person_id)s AND during @> %(now)s::timestamptz AND lower(during) < %(now)s

-- name: close
UPDATE shigotoba.person SET active = false, left_at = coalesce(left_at, %(now)s) WHERE person_id = %(person_id)s

-- name: forget_invitation
DELETE FROM shigotoba.invitation WHERE person_id = %(person_id)s

-- name: forget_delegates
DELETE FROM shigotoba.booking_delegate WHERE owner_id = %(person_id)s OR delegate_id = %(person_id)s

-- name: reopen
UPDATE shigotoba.person SET active = true, left_at = NULL
WHERE person_id = %(person_id)s AND NOT active AND erased_at IS NULL

-- name: home_of
SELECT site.code FROM shigotoba.person LEFT JOIN shigotoba.site ON site.site_id = person.home_site_id
WHERE person_id = %(person_id)s

-- name: withdraw_at
UPDATE shigotoba.role_grant SET during = tstzrange(lower(during), %(now)s)
FROM shigotoba.site
WHERE person_id = %(person_id)s AND site.site_id = role_grant.site_id AND site.code = %(former)s
  AND during @> %(now)s::timestamptz AND lower(during) < %(now)s

-- name: move
UPDATE shigotoba.person SET home_site_id = (SELECT site_id FROM shigotoba.site WHERE code = %(site)s)
WHERE person_id = %(person_id)s

-- name: is_last
-- The person administers the whole organisation, and nobody else does. Whoever else asks waits until this is done.
WITH administrators AS (
    SELECT role_grant.person_id, role_grant.organisation_id
    FROM shigotoba.role_grant JOIN shigotoba.person USING (person_id)
    WHERE role = 'organisation_admin' AND site_id IS NULL AND during @> %(now)s::timestamptz AND active
    FOR UPDATE OF role_grant
)
SELECT FROM administrators AS mine
WHERE mine.person_id = %(person_id)s AND NOT EXISTS (
    SELECT FROM administrators AS other
    WHERE other.person_id <> mine.person_id AND other.organisation_id = mine.organisation_id
)

-- name: add_identity
INSERT INTO shigotoba.external_identity (issuer, subject, person_id) VALUES (%(issuer)s, %(subject)s, %(person_id)s)

-- name: set_language
UPDATE shigotoba.person SET language = %(language)s WHERE person_id = %(person_id)s

-- name: has_identity
SELECT FROM shigotoba.external_identity WHERE issuer = %(issuer)s AND subject = %(subject)s

-- name: is_taken
SELECT FROM shigotoba.person WHERE login = %(login)s

-- name: set_section
UPDATE shigotoba.person SET section_id = now.section_id
FROM (
    SELECT person.person_id, section.section_id, former.code AS former, home.code AS site
    FROM shigotoba.person
    LEFT JOIN shigotoba.site AS home ON home.site_id = person.home_site_id
    LEFT JOIN shigotoba.section AS former USING (section_id)
    LEFT JOIN shigotoba.section ON section.organisation_id = person.organisation_id AND section.code = %(section)s
    WHERE person.person_id = %(person_id)s
) AS now
WHERE person.person_id = now.person_id AND (%(section)s::text IS NULL OR now.section_id IS NOT NULL)
RETURNING now.former, now.site
