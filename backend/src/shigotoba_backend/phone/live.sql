-- name: site_id
SELECT site_id FROM shigotoba.site WHERE code = %(site)s
