-- name: commands
-- The newest first, each with what the gateway's health says of it.
SELECT asked.command, asked.gateway, asked.kind, asked.agent, asked.driver, asked.asked_at, asked.not_after,
       coalesce(result.outcome, '') AS outcome, coalesce(result.detail, '') AS detail
FROM shigotoba.gateway_command AS asked
JOIN shigotoba.site USING (site_id)
LEFT JOIN shigotoba.gateway_health USING (site_id, gateway)
LEFT JOIN LATERAL jsonb_to_recordset(payload -> 'commands') AS result (command text, outcome text, detail text)
    ON result.command = asked.command
WHERE site.code = %(site)s AND (%(gateway)s::text IS NULL OR asked.gateway = %(gateway)s)
ORDER BY asked.asked_at DESC, asked.command
LIMIT %(most)s

-- name: abilities
-- Of every gateway that has said how it is: itself, and each driver of its agents.
SELECT gateway, at AS heard_at, '' AS agent, '' AS driver, '' AS state, '' AS trouble,
       to_timestamp((payload ->> 'certificate_ends_at_ms')::bigint / 1000.0) AS certificate_until
FROM shigotoba.gateway_health JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s
UNION ALL
SELECT gateway, at, agent ->> 'agent', driver ->> 'driver', driver ->> 'state', coalesce(driver ->> 'last_error', ''),
       NULL
FROM shigotoba.gateway_health JOIN shigotoba.site USING (site_id)
CROSS JOIN LATERAL jsonb_path_query(payload, '$.agents[*]') AS agent
CROSS JOIN LATERAL jsonb_path_query(agent, '$.drivers[*]') AS driver
WHERE site.code = %(site)s
ORDER BY gateway, agent, driver
