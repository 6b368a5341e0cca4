-- name: site_of_name
INSERT INTO shigotoba.gateway_identity AS held (gateway, site_id)
SELECT %(gateway)s, site_id FROM shigotoba.site WHERE code = %(site)s
ON CONFLICT (gateway) DO UPDATE SET gateway = held.gateway
RETURNING (SELECT code FROM shigotoba.site WHERE site.site_id = held.site_id)

-- name: withdraw_invitations
UPDATE shigotoba.gateway_invitation SET withdrawn_at = %(now)s
WHERE gateway = %(gateway)s AND used_at IS NULL AND withdrawn_at IS NULL

-- name: keep_invitation
INSERT INTO shigotoba.gateway_invitation (gateway, digest, made_at, made_by, expires_at)
VALUES (%(gateway)s, %(digest)s, %(now)s, %(made_by)s, %(expires_at)s)

-- name: invitation
SELECT invitation_id, gateway, expires_at, used_at, withdrawn_at, key_digest
FROM shigotoba.gateway_invitation WHERE digest = %(digest)s FOR UPDATE

-- name: newest_digest
SELECT digest FROM shigotoba.gateway_invitation
WHERE gateway = %(gateway)s AND withdrawn_at IS NULL AND expires_at > %(now)s
ORDER BY made_at DESC, invitation_id DESC LIMIT 1

-- name: use_invitation
UPDATE shigotoba.gateway_invitation SET used_at = %(now)s, key_digest = %(key_digest)s
WHERE invitation_id = %(invitation_id)s

-- name: site_of_gateway
SELECT site.code FROM shigotoba.gateway_identity JOIN shigotoba.site USING (site_id) WHERE gateway = %(gateway)s

-- name: keep_certificate
INSERT INTO shigotoba.gateway_certificate (serial, gateway, origin, key_digest, not_before, not_after, certificate)
VALUES (%(serial)s, %(gateway)s, %(origin)s, %(key_digest)s, %(not_before)s, %(not_after)s, %(certificate)s)

-- name: certificate_of_key
SELECT certificate FROM shigotoba.gateway_certificate
WHERE gateway = %(gateway)s AND key_digest = %(key_digest)s AND revoked_at IS NULL

-- name: certificate_of_serial
SELECT gateway, not_after, revoked_at, certificate FROM shigotoba.gateway_certificate WHERE serial = %(serial)s FOR UPDATE

-- name: revoke
UPDATE shigotoba.gateway_certificate SET revoked_at = %(now)s, revocation = %(reason)s
WHERE gateway = %(gateway)s AND revoked_at IS NULL AND not_after > %(now)s AND NOT serial = ANY (%(but)s)
RETURNING serial

-- name: revoked
SELECT serial, revoked_at AS at FROM shigotoba.gateway_certificate
WHERE revoked_at IS NOT NULL AND not_after > %(now)s - interval '1 day'
ORDER BY serial

-- name: admitted
SELECT DISTINCT site.code AS site, gateway
FROM shigotoba.gateway_certificate
JOIN shigotoba.gateway_identity USING (gateway)
JOIN shigotoba.site USING (site_id)
WHERE revoked_at IS NULL AND not_after > %(now)s
ORDER BY site.code, gateway

-- name: gateways
SELECT site.code AS site, gateway, newest.serial, newest.origin, newest.not_after, newest.revoked_at,
       newest.revocation, invited.expires_at AS invited_until, gateway_health.at AS heard_at, twin.heard_at AS twin_at
FROM shigotoba.gateway_identity
JOIN shigotoba.site USING (site_id)
LEFT JOIN LATERAL (
    SELECT * FROM shigotoba.gateway_certificate
    WHERE gateway_certificate.gateway = gateway_identity.gateway ORDER BY issued_at DESC, serial LIMIT 1
) AS newest USING (gateway)
LEFT JOIN LATERAL (
    SELECT max(expires_at) AS expires_at FROM shigotoba.gateway_invitation
    WHERE gateway_invitation.gateway = gateway_identity.gateway
      AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > %(now)s
) AS invited ON true
LEFT JOIN shigotoba.gateway_health USING (site_id, gateway)
LEFT JOIN LATERAL (
    SELECT max(heard_at) AS heard_at FROM shigotoba.gateway_twin
    WHERE gateway_twin.gateway = gateway_identity.gateway AND heard_at > %(now)s - interval '1 day'
) AS twin ON true
ORDER BY site.code, gateway

-- name: failures
SELECT count(*) FROM shigotoba.claim_failure
WHERE address = %(address)s AND at > %(now)s - make_interval(secs => %(within_s)s)

-- name: note_failure
INSERT INTO shigotoba.claim_failure (address, at) VALUES (%(address)s, %(now)s)

-- name: forget_failures
DELETE FROM shigotoba.claim_failure WHERE at < %(now)s - make_interval(secs => %(within_s)s)

-- name: lock_authority
SELECT pg_advisory_xact_lock(hashtext('shigotoba.enrolment'))
