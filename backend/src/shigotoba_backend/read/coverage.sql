-- name: gateways
-- Numbers begin at 1, so an epoch lacks nothing below its highest number when it has received that many.
WITH epoch AS (
    SELECT ledger.gateway, ledger.epoch, ledger.updated_at, upper(ledger.received) - 1 AS highest, counted.received
    FROM shigotoba.site
    JOIN shigotoba.ledger USING (site_id)
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(upper(span) - lower(span)), 0) AS received FROM unnest(ledger.received) AS span
    ) AS counted
    WHERE site.code = %(site)s
), health AS (
    SELECT gateway, at AS health_at, payload ->> 'epoch' AS epoch,
           (payload ->> 'next_seq')::bigint - 1 AS numbered,
           (payload ->> 'waiting')::bigint AS waiting,
           (payload ->> 'set_aside')::bigint AS set_aside,
           to_timestamp((payload ->> 'started_at_ms')::bigint / 1000.0) AS started_at,
           (SELECT coalesce(sum(restarts::bigint), 0)
            FROM jsonb_path_query(payload, '$.agents[*].drivers[*].restarts') AS restarts) AS restarts
    FROM shigotoba.site JOIN shigotoba.gateway_health USING (site_id)
    WHERE site.code = %(site)s
), counted AS (
    SELECT coalesce(epoch.gateway, health.gateway) AS gateway, epoch.updated_at,
           coalesce(epoch.received, 0) AS received,
           (epoch.epoch IS NOT NULL)::int AS epochs,
           coalesce(epoch.highest, 0) - coalesce(epoch.received, 0) AS holes,
           greatest(coalesce(health.numbered - coalesce(epoch.highest, 0) - health.waiting, 0), 0) AS lost_beyond,
           coalesce(health.set_aside, 0) AS set_aside
    FROM epoch FULL JOIN health USING (gateway, epoch)
), summed AS (
    SELECT gateway, sum(received)::bigint AS received, sum(epochs)::int AS epochs, max(updated_at) AS received_at,
           sum(greatest(holes + lost_beyond - set_aside, 0))::bigint AS missing
    FROM counted
    GROUP BY gateway
)
SELECT summed.gateway, summed.received, summed.missing, summed.epochs, health.waiting, health.set_aside,
       health.restarts::bigint AS restarts, health.started_at, health.health_at, summed.received_at
FROM summed LEFT JOIN health USING (gateway)
ORDER BY summed.gateway

-- name: quarantined
-- As in trouble.sql: what came through a gateway of another site is told there.
SELECT reason, sum(1 + repeats)::int
FROM shigotoba.quarantine
WHERE gateway IN (
    SELECT gateway FROM shigotoba.ledger JOIN shigotoba.site USING (site_id) WHERE site.code = %(site)s
    UNION ALL
    SELECT gateway FROM shigotoba.gateway_health JOIN shigotoba.site USING (site_id) WHERE site.code = %(site)s
) OR gateway NOT IN (SELECT gateway FROM shigotoba.ledger UNION ALL SELECT gateway FROM shigotoba.gateway_health)
GROUP BY reason
ORDER BY reason

-- name: known_share_today
-- Only the time since a sensor came to a space is expected of it.
WITH today AS (
    SELECT site_id, date_trunc('day', %(now)s::timestamptz, time_zone) AS midnight
    FROM shigotoba.site WHERE code = %(site)s
), watched AS (
    SELECT space.space_id, today.midnight,
           range_agg(assignment.during * tstzrange(today.midnight, %(now)s)) AS spans
    FROM today
    JOIN shigotoba.device USING (site_id)
    JOIN shigotoba.assignment USING (device_id)
    JOIN shigotoba.space USING (space_id)
    WHERE device.kind IN ('seat_sensor', 'booth_sensor') AND assignment.during && tstzrange(today.midnight, %(now)s)
    GROUP BY space.space_id, today.midnight
), share AS (
    SELECT (SELECT sum(extract(epoch FROM upper(span) - lower(span))) FROM unnest(watched.spans) AS span) AS expected_s,
           (SELECT sum(occupied_s + vacant_s) FROM shigotoba.use_15min
            WHERE use_15min.space_id = watched.space_id AND bucket >= watched.midnight AND bucket < %(now)s) AS known_s
    FROM watched
)
SELECT CASE WHEN sum(expected_s) > 0 THEN least(1, coalesce(sum(known_s), 0) / sum(expected_s)::float8) END FROM share
