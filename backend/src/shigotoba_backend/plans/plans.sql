-- name: programmes
SELECT programme.code, programme.name, programme.owner, programme.source
FROM shigotoba.programme
JOIN shigotoba.organisation USING (organisation_id)
WHERE organisation.code = %(organisation)s
ORDER BY programme.code

-- name: put_programme
INSERT INTO shigotoba.programme (organisation_id, code, name, owner, source)
SELECT organisation_id, %(code)s, %(name)s, %(owner)s, %(source)s
FROM shigotoba.organisation WHERE organisation.code = %(organisation)s
ON CONFLICT (organisation_id, code)
DO UPDATE SET name = EXCLUDED.name, owner = EXCLUDED.owner, source = EXCLUDED.source
RETURNING programme_id

-- name: put_initiative
INSERT INTO shigotoba.initiative (programme_id, code, position) VALUES (%(programme_id)s, %(code)s, %(position)s)
ON CONFLICT (programme_id, code) DO UPDATE SET position = EXCLUDED.position
RETURNING initiative_id

-- name: initiatives
SELECT initiative.initiative_id, newest.version, newest.card, newest.at
FROM shigotoba.initiative
JOIN shigotoba.programme USING (programme_id)
JOIN shigotoba.organisation USING (organisation_id)
CROSS JOIN LATERAL (
    SELECT version, card, at FROM shigotoba.initiative_version AS version_of
    WHERE version_of.initiative_id = initiative.initiative_id
    ORDER BY version DESC LIMIT 1
) AS newest
WHERE organisation.code = %(organisation)s AND programme.code = %(programme)s
ORDER BY initiative.position, initiative.code

-- name: versions
SELECT version, card, at, actor_id, reason
FROM shigotoba.initiative_version
WHERE initiative_id = %(initiative_id)s
ORDER BY version DESC

-- name: put_version
INSERT INTO shigotoba.initiative_version (initiative_id, version, card, at, actor_id, actor_kind, reason)
VALUES (%(initiative_id)s, %(version)s, %(card)s, %(at)s, %(actor_id)s, %(actor_kind)s, %(reason)s)
