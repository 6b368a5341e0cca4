-- name: gateways
-- Those that have been heard of, at sites that have booths.
SELECT site.code, gateway
FROM shigotoba.gateway_health JOIN shigotoba.site USING (site_id)
WHERE EXISTS (SELECT FROM shigotoba.space WHERE space.site_id = site.site_id AND space.kind = 'booth')
ORDER BY site.code, gateway

-- name: devices
SELECT assignment.space_id,
       coalesce(array_agg(device.code ORDER BY device.code) FILTER (WHERE device.kind = 'booth_button'), '{}'),
       coalesce(array_agg(device.code ORDER BY device.code) FILTER (WHERE device.kind = 'booth_sensor'), '{}')
FROM shigotoba.site
JOIN shigotoba.device USING (site_id)
JOIN shigotoba.assignment USING (device_id)
WHERE site.code = %(site)s AND assignment.during @> %(now)s::timestamptz
GROUP BY assignment.space_id

-- name: reflected
-- The gateway's present epoch, and up to where all it decided in it has been played without a gap.
SELECT newest.epoch, coalesce(upper(played.span) - 1, 0)
FROM (
    SELECT site_id, gateway, epoch FROM shigotoba.gateway_decision JOIN shigotoba.site USING (site_id)
    WHERE site.code = %(site)s AND gateway = %(gateway)s
    ORDER BY taken_at DESC, number DESC LIMIT 1
) AS newest
LEFT JOIN LATERAL (
    SELECT spans.span
    FROM unnest((
        SELECT range_agg(int8range(number, number + 1)) FROM shigotoba.gateway_decision AS told
        WHERE (told.site_id, told.gateway, told.epoch) = (newest.site_id, newest.gateway, newest.epoch)
          AND told.outcome <> 'waiting'
    )) AS spans (span)
    WHERE lower(spans.span) = 1
) AS played ON true

-- name: changed
INSERT INTO shigotoba.booth_schedule AS given (site_id, gateway, version, digest, published_at)
SELECT site_id, %(gateway)s, %(version)s, %(digest)s, %(now)s FROM shigotoba.site WHERE code = %(site)s
ON CONFLICT (site_id, gateway) DO UPDATE
SET version = EXCLUDED.version, digest = EXCLUDED.digest, published_at = EXCLUDED.published_at
WHERE given.digest <> EXCLUDED.digest OR given.published_at < %(again_before)s
RETURNING version

-- name: forget
DELETE FROM shigotoba.booth_schedule
