-- name: keep_command
-- No row where the gateway has never said how it is at this site.
INSERT INTO shigotoba.gateway_command (command, site_id, gateway, kind, agent, driver, asked_at, not_after)
SELECT %(command)s, site_id, gateway, %(kind)s, %(agent)s, %(driver)s, %(now)s, %(not_after)s
FROM shigotoba.gateway_health JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND gateway = %(gateway)s
RETURNING command

-- name: hold_gateway
-- Two who ask at once ask one after the other.
SELECT 1 FROM shigotoba.gateway_health JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND gateway = %(gateway)s
FOR UPDATE OF gateway_health
