-- name: put_decisions
INSERT INTO shigotoba.gateway_decision (site_id, gateway, epoch, number, at, said, outcome, taken_at)
SELECT DISTINCT ON (site_id, gateway, epoch, number) site_id, gateway, epoch, number, at, said, 'waiting', now()
FROM unnest(
    %(site_ids)s::smallint[], %(gateways)s::text[], %(epochs)s::text[], %(numbers)s::bigint[], %(ats)s::timestamptz[],
    %(said)s::jsonb[]
) AS told (site_id, gateway, epoch, number, at, said)
ORDER BY site_id, gateway, epoch, number
ON CONFLICT DO NOTHING
