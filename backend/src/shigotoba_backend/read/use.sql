-- name: use_by_space
-- Whole days from their sums, what is left at both ends from quarters; a period within one day has nothing but ends.
WITH period AS (
    SELECT site_id, time_zone,
           ((%(start)s::timestamptz - interval '1 microsecond') AT TIME ZONE time_zone)::date + 1 AS first_day,
           (%(end)s::timestamptz AT TIME ZONE time_zone)::date AS beyond
    FROM shigotoba.site
    WHERE code = %(site)s
), edges AS (
    SELECT *,
           least(greatest(first_day::timestamp AT TIME ZONE time_zone, %(start)s::timestamptz), %(end)s) AS whole_from,
           greatest(least(beyond::timestamp AT TIME ZONE time_zone, %(end)s::timestamptz),
                    least(greatest(first_day::timestamp AT TIME ZONE time_zone, %(start)s::timestamptz), %(end)s)
           ) AS whole_to
    FROM period
)
SELECT space.code AS space, space.name, floor.code AS floor, space.kind,
       CASE WHEN used.known_s > 0 THEN used.occupied_s END AS occupied_s,
       coalesce(used.known_s, 0) AS known_s,
       CASE WHEN buttons.fitted THEN coalesce(used.presses, 0) END AS presses
FROM edges
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.floor USING (floor_id)
CROSS JOIN LATERAL (
    SELECT sum(occupied_s) AS occupied_s, sum(occupied_s + vacant_s) AS known_s, sum(presses)::int AS presses
    FROM (
        SELECT occupied_s, vacant_s, presses FROM shigotoba.use_day
        WHERE use_day.space_id = space.space_id AND day >= first_day AND day < beyond
        UNION ALL
        SELECT occupied_s, vacant_s, presses FROM shigotoba.use_15min
        WHERE use_15min.space_id = space.space_id AND bucket >= %(start)s AND bucket < whole_from
        UNION ALL
        SELECT occupied_s, vacant_s, presses FROM shigotoba.use_15min
        WHERE use_15min.space_id = space.space_id AND bucket >= whole_to AND bucket < %(end)s
    ) AS parts
) AS used
CROSS JOIN LATERAL (
    SELECT EXISTS (
        SELECT FROM shigotoba.assignment JOIN shigotoba.device USING (device_id)
        WHERE assignment.space_id = space.space_id AND device.kind = 'booth_button'
          AND assignment.during && tstzrange(%(start)s, %(end)s)
    ) AS fitted
) AS buttons
WHERE space.kind <> 'equipment'
ORDER BY floor.level, floor.code, space.code

-- name: use_by_bucket
SELECT bucket, space.kind, sum(occupied_s) AS occupied_s, sum(occupied_s + vacant_s) AS known_s,
       count(*)::int AS spaces
FROM shigotoba.told_quarters_v1(
    ARRAY(SELECT space_id FROM shigotoba.site JOIN shigotoba.space USING (site_id)
          WHERE site.code = %(site)s AND space.kind = %(kind)s),
    %(start)s, %(end)s, %(withheld_spaces)s, %(withheld_from)s, %(withheld_until)s
)
JOIN shigotoba.space USING (space_id)
WHERE occupied_s + vacant_s > 0
GROUP BY bucket, space.kind
ORDER BY bucket

-- name: use_by_hour
SELECT bucket, used.kind, sum(occupied_s) AS occupied_s, sum(occupied_s + vacant_s) AS known_s,
       sum(spaces)::int AS spaces
FROM shigotoba.site
JOIN shigotoba.floor USING (site_id)
JOIN shigotoba.use_floor_hour AS used USING (floor_id)
WHERE site.code = %(site)s AND used.kind = %(kind)s AND bucket >= %(start)s AND bucket < %(end)s
GROUP BY bucket, used.kind
ORDER BY bucket

-- name: use_by_day
SELECT calendar.local::date AS day, %(kind)s AS kind, used.occupied_s, coalesce(used.known_s, 0) AS known_s,
       coalesce(used.spaces, 0)::int AS spaces, coalesce(used.open_occupied_s, 0) AS open_occupied_s,
       coalesce(used.open_known_s, 0) AS open_known_s,
       coalesce(used.sessions, 0)::int AS sessions, used.revised_at
FROM shigotoba.site
CROSS JOIN LATERAL generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS calendar (local)
LEFT JOIN (
    SELECT floor.site_id, used.day, sum(occupied_s) AS occupied_s, sum(occupied_s + vacant_s) AS known_s,
           sum(spaces) AS spaces, sum(open_occupied_s) AS open_occupied_s,
           sum(open_occupied_s + open_vacant_s) AS open_known_s, sum(sessions) AS sessions,
           max(revised_at) AS revised_at
    FROM shigotoba.floor
    JOIN shigotoba.use_floor_day AS used USING (floor_id)
    WHERE used.kind = %(kind)s AND used.day BETWEEN %(first)s AND %(last)s
      AND (%(floor)s::text IS NULL OR floor.code = %(floor)s)
    GROUP BY floor.site_id, used.day
) AS used ON used.site_id = site.site_id AND used.day = calendar.local::date
WHERE site.code = %(site)s
ORDER BY calendar.local
