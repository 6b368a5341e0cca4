-- name: use_by_space
SELECT space.code AS space, space.name, floor.code AS floor, space.kind,
       CASE WHEN used.known_s > 0 THEN used.occupied_s END AS occupied_s,
       coalesce(used.known_s, 0) AS known_s,
       CASE WHEN buttons.fitted THEN coalesce(used.presses, 0) END AS presses
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.floor USING (floor_id)
CROSS JOIN LATERAL (
    SELECT sum(occupied_s) AS occupied_s, sum(occupied_s + vacant_s) AS known_s, sum(presses)::int AS presses
    FROM shigotoba.use_15min
    WHERE use_15min.space_id = space.space_id AND bucket >= %(start)s AND bucket < %(end)s
) AS used
CROSS JOIN LATERAL (
    SELECT EXISTS (
        SELECT FROM shigotoba.assignment JOIN shigotoba.device USING (device_id)
        WHERE assignment.space_id = space.space_id AND device.kind = 'booth_button'
          AND assignment.during && tstzrange(%(start)s, %(end)s)
    ) AS fitted
) AS buttons
WHERE site.code = %(site)s AND space.kind <> 'equipment'
ORDER BY floor.level, floor.code, space.code

-- name: use_by_bucket
SELECT bucket, space.kind, sum(occupied_s) AS occupied_s, sum(occupied_s + vacant_s) AS known_s,
       count(*)::int AS spaces
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.use_15min USING (space_id)
WHERE site.code = %(site)s AND space.kind = %(kind)s AND bucket >= %(start)s AND bucket < %(end)s
  AND occupied_s + vacant_s > 0
GROUP BY bucket, space.kind
ORDER BY bucket

-- name: use_by_day
-- One range of the key per space and day, whatever else the table holds.
SELECT day.local::date AS day, %(kind)s AS kind, used.occupied_s, coalesce(used.known_s, 0) AS known_s,
       used.spaces::int AS spaces
FROM shigotoba.site
CROSS JOIN LATERAL generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS day (local)
CROSS JOIN LATERAL (
    SELECT sum(occupied_s) AS occupied_s, sum(known_s) AS known_s, count(*) AS spaces
    FROM shigotoba.space
    CROSS JOIN LATERAL (
        SELECT sum(occupied_s) AS occupied_s, sum(occupied_s + vacant_s) AS known_s
        FROM shigotoba.use_15min
        WHERE use_15min.space_id = space.space_id
          AND bucket >= day.local AT TIME ZONE site.time_zone
          AND bucket < (day.local + interval '1 day') AT TIME ZONE site.time_zone
    ) AS by_space
    WHERE space.site_id = site.site_id AND space.kind = %(kind)s AND by_space.known_s > 0
) AS used
WHERE site.code = %(site)s
ORDER BY day.local
