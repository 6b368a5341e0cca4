-- name: keep_command
-- No row where the gateway has never been heard of at this site.
INSERT INTO shigotoba.gateway_command (command, site_id, gateway, kind, agent, driver, asked_at, not_after)
SELECT %(command)s, site_id, gateway, %(kind)s, %(agent)s, %(driver)s, %(now)s, %(not_after)s
FROM shigotoba.gateway_health JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND gateway = %(gateway)s
RETURNING command

-- name: commands
-- The newest first, each with what the gateway's health says of it.
SELECT asked.command, asked.kind, asked.agent, asked.driver, asked.asked_at, asked.not_after,
       coalesce(result.outcome, '') AS outcome, coalesce(result.detail, '') AS detail
FROM shigotoba.gateway_command AS asked
JOIN shigotoba.site USING (site_id)
LEFT JOIN shigotoba.gateway_health USING (site_id, gateway)
LEFT JOIN LATERAL jsonb_to_recordset(payload -> 'commands') AS result (command text, outcome text, detail text)
    ON result.command = asked.command
WHERE site.code = %(site)s AND asked.gateway = %(gateway)s
ORDER BY asked.asked_at DESC, asked.command
LIMIT %(most)s
