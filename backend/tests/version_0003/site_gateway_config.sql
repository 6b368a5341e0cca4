-- name: site_codes
SELECT code FROM shigotoba.site ORDER BY code

-- name: next_version
INSERT INTO shigotoba.desired_config AS held (site_id, gateway, version, payload)
SELECT site_id, %(gateway)s, 1, '{}' FROM shigotoba.site WHERE code = %(site)s
ON CONFLICT (site_id, gateway) DO UPDATE SET version = held.version + 1, changed_at = now()
RETURNING version

-- name: keep_payload
UPDATE shigotoba.desired_config
SET payload = %(payload)s::jsonb
FROM shigotoba.site
WHERE site.code = %(site)s AND desired_config.site_id = site.site_id AND desired_config.gateway = %(gateway)s
