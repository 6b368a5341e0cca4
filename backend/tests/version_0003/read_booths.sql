-- name: booth_uses
SELECT space.code AS space, lower(during) AS start, upper(during) AS end, source
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.booth_use USING (space_id)
WHERE site.code = %(site)s AND during && tstzrange(%(start)s, %(end)s)
ORDER BY lower(during), space.code
