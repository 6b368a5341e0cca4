-- name: by_id
SELECT found.*, ARRAY(SELECT code FROM shigotoba.own_section_v1 WHERE person_id = found.person_id)
FROM shigotoba.person_at_v1(%(now)s) AS found
WHERE person_id = %(person_id)s

-- name: by_login
SELECT found.*, ARRAY(SELECT code FROM shigotoba.own_section_v1 WHERE person_id = found.person_id)
FROM shigotoba.person_at_v1(%(now)s) AS found
WHERE login = %(login)s

-- name: by_identity
SELECT found.*, ARRAY(SELECT code FROM shigotoba.own_section_v1 WHERE person_id = found.person_id)
FROM shigotoba.external_identity
JOIN shigotoba.person_at_v1(%(now)s) AS found USING (person_id)
WHERE issuer = %(issuer)s AND subject = %(subject)s
