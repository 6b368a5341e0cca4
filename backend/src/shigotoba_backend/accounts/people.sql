-- name: by_id
SELECT * FROM shigotoba.person_at_v1(%(now)s) WHERE person_id = %(person_id)s

-- name: by_login
SELECT * FROM shigotoba.person_at_v1(%(now)s) WHERE login = %(login)s

-- name: by_identity
SELECT found.*
FROM shigotoba.external_identity
JOIN shigotoba.person_at_v1(%(now)s) AS found USING (person_id)
WHERE issuer = %(issuer)s AND subject = %(subject)s
