-- name: booth_uses
SELECT space.code AS space, lower(during) AS start, upper(during) AS end, source
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.booth_use USING (space_id)
WHERE site.code = %(site)s AND during && tstzrange(%(start)s, %(end)s)
ORDER BY lower(during), space.code

-- name: booth_sessions
WITH booth AS (
    SELECT space_id, space.code,
           EXISTS (SELECT FROM shigotoba.assignment JOIN shigotoba.device USING (device_id)
                   WHERE assignment.space_id = space.space_id AND device.kind = 'booth_sensor') AS seen
    FROM shigotoba.site JOIN shigotoba.space USING (site_id)
    WHERE site.code = %(site)s AND space.kind = 'booth' AND (%(space)s::text IS NULL OR space.code = %(space)s)
), session AS (
    SELECT booth.code, space_id, during
    FROM booth JOIN shigotoba.booth_session USING (space_id)
    WHERE seen AND during && tstzrange(%(start)s, %(end)s)
    UNION ALL
    SELECT booth.code, space_id, during
    FROM booth JOIN shigotoba.booth_used_v1 USING (space_id)
    WHERE NOT seen AND during && tstzrange(%(start)s, %(end)s)
)
SELECT session.code AS space, lower(session.during) AS start, upper(session.during) AS end,
       CASE WHEN EXISTS (SELECT FROM shigotoba.booking_figures_v1 AS told
                         WHERE told.space_id = session.space_id AND NOT walk_in AND told.used && session.during)
            THEN 'booking'
            WHEN EXISTS (SELECT FROM shigotoba.booth_used_v1 AS told
                         WHERE told.space_id = session.space_id AND told.during && session.during) THEN 'button'
            ELSE 'presence' END AS source
FROM session
ORDER BY start, space

-- name: bookings_by_booth
-- Of bookings that began in those days, as the figures count them; a booth without any has zeros.
SELECT space.code AS space, space.name,
       count(*) FILTER (WHERE kept)::int AS bookings,
       coalesce(sum(date_part('epoch', upper(told.booked) - lower(told.booked))) FILTER (WHERE kept), 0) AS booked_s,
       count(*) FILTER (WHERE kept AND told.used IS NOT NULL)::int AS used,
       count(*) FILTER (WHERE kept AND told.no_show)::int AS no_shows,
       count(*) FILTER (WHERE told.late_cancel AND NOT told.walk_in)::int AS late_cancels,
       coalesce(sum(told.recovered_s), 0) AS recovered_s
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.floor USING (floor_id)
LEFT JOIN shigotoba.booking_figures_v1 AS told
       ON told.space_id = space.space_id
      AND lower(told.booked) >= %(first)s::timestamp AT TIME ZONE site.time_zone
      AND lower(told.booked) < (%(last)s::timestamp + interval '1 day') AT TIME ZONE site.time_zone
CROSS JOIN LATERAL (
    SELECT NOT told.walk_in AND told.state IN ('held', 'checked_in', 'ended', 'released') AS kept
) AS judged
WHERE site.code = %(site)s AND space.kind = 'booth' AND (%(floor)s::text IS NULL OR floor.code = %(floor)s)
GROUP BY space.space_id, space.code, space.name
ORDER BY space.code

-- name: bookings_of_booth
SELECT lower(told.booked) AS start, upper(told.booked) AS end, told.state, told.walk_in, told.no_show, told.late_cancel,
       date_part('epoch', upper(told.used) - lower(told.used)) AS used_s, told.recovered_s
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.booking_figures_v1 AS told USING (space_id)
WHERE site.code = %(site)s AND space.code = %(space)s
  AND lower(told.booked) >= %(first)s::timestamp AT TIME ZONE site.time_zone
  AND lower(told.booked) < (%(last)s::timestamp + interval '1 day') AT TIME ZONE site.time_zone
ORDER BY start DESC
