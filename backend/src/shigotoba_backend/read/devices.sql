-- name: devices_seen
SELECT device.code AS device, device.kind, place.space_name, place.floor, seen.last_seen_at, seen.battery_pct,
       CASE WHEN seen.last_seen_at IS NULL THEN 'never'
            WHEN seen.last_seen_at + make_interval(secs => %(keep_alives)s * device.keep_alive_s) < %(now)s THEN 'stale'
            ELSE 'alive' END AS state
FROM shigotoba.site
JOIN shigotoba.device USING (site_id)
CROSS JOIN LATERAL (
    SELECT max(latest.at) AS last_seen_at,
           max(latest.value) FILTER (WHERE point.name = 'battery_pct') AS battery_pct
    FROM shigotoba.point JOIN shigotoba.latest USING (point_id)
    WHERE point.device_id = device.device_id
) AS seen
LEFT JOIN LATERAL (
    SELECT space.name AS space_name, floor.code AS floor
    FROM shigotoba.assignment
    JOIN shigotoba.space USING (space_id)
    JOIN shigotoba.floor USING (floor_id)
    WHERE assignment.device_id = device.device_id AND assignment.during @> %(now)s::timestamptz
) AS place ON true
WHERE site.code = %(site)s AND (%(kind)s::text IS NULL OR device.kind = %(kind)s)
ORDER BY device.kind, device.code
