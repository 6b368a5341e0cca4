-- name: door
SELECT site.site_id, site.code, space.code, site.time_zone
FROM shigotoba.space JOIN shigotoba.site USING (site_id)
WHERE space_id = %(space_id)s AND kind = 'booth'

-- name: space_id
SELECT space_id FROM shigotoba.space JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND space.code = %(booth)s AND kind = 'booth'
