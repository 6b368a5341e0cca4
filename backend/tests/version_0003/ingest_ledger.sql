-- name: lock_and_compare
-- Makes and locks the rows, in one order for all workers, then says which of the asked numbers they lack.
WITH asked AS (
    SELECT site_id, gateway, epoch, range_agg(int8range(first, beyond)) AS numbers
    FROM unnest(
        %(site_ids)s::smallint[], %(gateways)s::text[], %(epochs)s::text[], %(firsts)s::bigint[], %(beyonds)s::bigint[]
    ) AS batch (site_id, gateway, epoch, first, beyond)
    GROUP BY site_id, gateway, epoch
), held AS (
    INSERT INTO shigotoba.ledger (site_id, gateway, epoch)
    SELECT site_id, gateway, epoch FROM asked ORDER BY site_id, gateway, epoch
    ON CONFLICT (site_id, gateway, epoch) DO UPDATE SET updated_at = now()
    RETURNING site_id, gateway, epoch, received
)
SELECT site_id, gateway, epoch, lower(fresh), upper(fresh)
FROM asked
JOIN held USING (site_id, gateway, epoch)
CROSS JOIN unnest(asked.numbers - held.received) AS fresh

-- name: enter
UPDATE shigotoba.ledger
SET received = received + asked.numbers
FROM (
    SELECT site_id, gateway, epoch, range_agg(int8range(first, beyond)) AS numbers
    FROM unnest(
        %(site_ids)s::smallint[], %(gateways)s::text[], %(epochs)s::text[], %(firsts)s::bigint[], %(beyonds)s::bigint[]
    ) AS batch (site_id, gateway, epoch, first, beyond)
    GROUP BY site_id, gateway, epoch
) AS asked
WHERE (ledger.site_id, ledger.gateway, ledger.epoch) = (asked.site_id, asked.gateway, asked.epoch)

-- name: accounts
SELECT site.code,
       ledger.gateway,
       count(*),
       sum(counted.received)::bigint,
       sum(counted.highest - counted.received)::bigint,
       (array_agg(counted.highest ORDER BY ledger.updated_at DESC))[1]
FROM shigotoba.ledger
JOIN shigotoba.site USING (site_id)
CROSS JOIN LATERAL (
    SELECT coalesce(sum(upper(numbers) - lower(numbers)), 0)::bigint AS received,
           coalesce(max(upper(numbers)) - 1, 0) AS highest
    FROM unnest(ledger.received) AS numbers
) AS counted
GROUP BY site.code, ledger.gateway
ORDER BY site.code, ledger.gateway
