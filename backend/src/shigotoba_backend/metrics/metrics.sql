-- name: sites
SELECT code FROM shigotoba.site ORDER BY code

-- name: gateway_health
SELECT gateway_health.gateway,
       (payload -> 'spool' ->> 'free_share')::float8,
       (payload -> 'clock' ->> 'known')::boolean,
       jsonb_array_length(coalesce(payload -> 'problems', '[]'))
FROM shigotoba.site JOIN shigotoba.gateway_health USING (site_id)
WHERE site.code = %(site)s
ORDER BY gateway_health.gateway

-- name: rollup_backlog
SELECT count(*) FROM shigotoba.touched

-- name: bookings_today
SELECT booking.state, count(*)
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.booking USING (space_id)
WHERE site.code = %(site)s
  AND booking.during && tstzrange(date_trunc('day', %(now)s::timestamptz, site.time_zone),
                                  date_trunc('day', %(now)s::timestamptz, site.time_zone) + interval '1 day')
GROUP BY booking.state
ORDER BY booking.state

-- name: database
SELECT pg_database_size(current_database()), (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())

-- name: quarantined
SELECT reason, sum(1 + repeats) FROM shigotoba.quarantine GROUP BY reason ORDER BY reason
