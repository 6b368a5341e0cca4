-- name: holes
SELECT ledger.gateway, ledger.epoch, lower(hole) AS first, upper(hole) - 1 AS last, ledger.updated_at AS noticed_at
FROM shigotoba.site
JOIN shigotoba.ledger USING (site_id)
CROSS JOIN LATERAL unnest(
    int8multirange(int8range(1, upper(ledger.received))) - ledger.received
) AS hole
WHERE site.code = %(site)s AND NOT isempty(ledger.received)
ORDER BY upper(hole) - lower(hole) DESC, ledger.gateway, lower(hole)
LIMIT %(most)s

-- name: refusals
WITH ours AS (
    SELECT ledger.gateway FROM shigotoba.ledger JOIN shigotoba.site USING (site_id) WHERE site.code = %(site)s
    UNION
    SELECT gateway FROM shigotoba.gateway_health JOIN shigotoba.site USING (site_id) WHERE site.code = %(site)s
), elsewhere AS (
    SELECT gateway FROM shigotoba.ledger UNION SELECT gateway FROM shigotoba.gateway_health
)
SELECT reason, gateway, device, sum(1 + repeats)::int AS times, max(received_at) AS last_at,
       (array_agg(detail ORDER BY received_at DESC))[1] AS detail
FROM shigotoba.quarantine
WHERE gateway IN (SELECT gateway FROM ours) OR gateway NOT IN (SELECT gateway FROM elsewhere)
GROUP BY reason, gateway, device
ORDER BY times DESC, reason, gateway, device
LIMIT %(most)s

-- name: complaints
SELECT gateway, problem AS text, at
FROM shigotoba.site
JOIN shigotoba.gateway_health USING (site_id)
CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(payload -> 'problems', '[]')) AS problem
WHERE site.code = %(site)s
ORDER BY gateway, problem
