-- name: told_lately
SELECT DISTINCT site.code, gateway
FROM shigotoba.gateway_command JOIN shigotoba.site USING (site_id)
WHERE not_after > %(since)s
