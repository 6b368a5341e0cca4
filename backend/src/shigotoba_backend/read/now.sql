-- name: site_info
SELECT code, name, name_en, time_zone FROM shigotoba.site WHERE code = %(site)s

-- name: floors
SELECT floor.code, floor.name, floor.name_en, floor.level
FROM shigotoba.site JOIN shigotoba.floor USING (site_id)
WHERE site.code = %(site)s
ORDER BY floor.level, floor.code

-- name: spaces_now
-- A reading from before the sensor came to this space says nothing about it.
WITH witness AS (
    SELECT assignment.space_id,
           latest.value <> 0 AS occupied,
           latest.at + make_interval(secs => %(keep_alives)s * device.keep_alive_s) >= %(now)s AS fresh,
           latest.at,
           latest.changed_at
    FROM shigotoba.site
    JOIN shigotoba.device USING (site_id)
    JOIN shigotoba.assignment USING (device_id)
    JOIN shigotoba.point USING (device_id)
    JOIN shigotoba.latest USING (point_id)
    WHERE site.code = %(site)s AND point.name = 'occupancy'
      AND assignment.during @> %(now)s::timestamptz AND assignment.during @> latest.at
), sight AS (
    SELECT space_id,
           CASE WHEN bool_or(fresh AND occupied) THEN 'occupied'
                WHEN bool_or(fresh) THEN 'vacant'
                ELSE 'unknown' END AS state,
           min(changed_at) FILTER (WHERE fresh AND occupied) AS occupied_since,
           max(changed_at) FILTER (WHERE fresh) AS vacant_since,
           max(at) AS heard_at
    FROM witness
    GROUP BY space_id
)
SELECT space.code AS space, space.name, floor.code AS floor, space.kind, space.seat_type,
       coalesce(sight.state, 'unknown') AS state,
       CASE sight.state WHEN 'occupied' THEN occupied_since WHEN 'vacant' THEN vacant_since ELSE heard_at END AS since,
       place.x, place.y, sight.heard_at
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.floor USING (floor_id)
JOIN shigotoba.place_at_v1(site.site_id, %(now)s) AS place USING (space_id)
LEFT JOIN sight USING (space_id)
WHERE site.code = %(site)s AND space.kind <> 'equipment'
ORDER BY floor.level, floor.code, space.code

-- name: latest_change
SELECT max(updated_at) FROM shigotoba.site JOIN shigotoba.ledger USING (site_id) WHERE site.code = %(site)s
