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
    WHERE site.code = %(site)s AND space.kind = 'booth'
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
