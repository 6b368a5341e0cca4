-- name: sights
-- What living sensors say of each booth of a site.
SELECT assignment.space_id,
       CASE WHEN bool_or(fresh.heard AND latest.value <> 0) THEN 'occupied'
            WHEN bool_or(fresh.heard) THEN 'vacant' ELSE 'unknown' END,
       max(latest.changed_at) FILTER (WHERE fresh.heard)
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.assignment USING (space_id)
JOIN shigotoba.device USING (device_id)
LEFT JOIN shigotoba.point ON point.device_id = device.device_id AND point.name = 'occupancy'
LEFT JOIN shigotoba.latest USING (point_id)
CROSS JOIN LATERAL (
    SELECT coalesce(latest.at + make_interval(secs => %(keep_alives)s * device.keep_alive_s) >= %(now)s, false) AS heard
) AS fresh
WHERE (%(site)s::text IS NULL OR site.code = %(site)s) AND space.kind = 'booth' AND device.kind = 'booth_sensor'
  AND assignment.during @> %(now)s::timestamptz
GROUP BY assignment.space_id
