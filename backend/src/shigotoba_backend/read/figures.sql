-- name: use_of_days
-- One range of the key per space and day; a space of which nothing is known that day has a row all the same.
SELECT day.local::date AS day, space.code AS space, space.kind, used.occupied_s, coalesce(used.known_s, 0) AS known_s,
       used.presses
FROM shigotoba.site
CROSS JOIN LATERAL generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS day (local)
JOIN shigotoba.space ON space.site_id = site.site_id AND space.kind <> 'equipment'
CROSS JOIN LATERAL (
    SELECT sum(occupied_s) AS occupied_s, sum(occupied_s + vacant_s) AS known_s, sum(presses)::int AS presses
    FROM shigotoba.use_15min
    WHERE use_15min.space_id = space.space_id
      AND bucket >= day.local AT TIME ZONE site.time_zone
      AND bucket < (day.local + interval '1 day') AT TIME ZONE site.time_zone
) AS used
WHERE site.code = %(site)s
ORDER BY day.local, space.code

-- name: printing_of_days
-- Hours are those in which the counter of all impressions could be followed.
SELECT day.local::date AS day, device.code AS device, impressions_total, impressions_print, impressions_copy,
       impressions_fax, impressions_other, fax_sent, scan_sent, sheets_total, fax_received,
       coalesce(hours, 0)::int AS hours, coalesce(resets, 0)::int AS resets, coalesce(wraps, 0)::int AS wraps
FROM shigotoba.site
CROSS JOIN LATERAL generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS day (local)
JOIN shigotoba.device ON device.site_id = site.site_id AND device.kind = 'mfp'
LEFT JOIN shigotoba.printing_day AS printed ON printed.device_id = device.device_id AND printed.day = day.local::date
WHERE site.code = %(site)s
ORDER BY day.local, device.code

-- name: bookings_of_days
-- What was booked beforehand, by the day it began on; walk-ins apart. A booth without any has no row.
SELECT (lower(told.booked) AT TIME ZONE site.time_zone)::date AS day, space.code AS space,
       count(*) FILTER (WHERE kept)::int AS bookings,
       coalesce(sum(date_part('epoch', upper(told.booked) - lower(told.booked))) FILTER (WHERE kept), 0) AS booked_s,
       count(*) FILTER (WHERE kept AND told.used IS NOT NULL)::int AS used,
       count(*) FILTER (WHERE kept AND told.no_show)::int AS no_shows,
       coalesce(sum(told.recovered_s) FILTER (WHERE kept), 0) AS recovered_s,
       count(*) FILTER (WHERE told.walk_in)::int AS walk_ins
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.booking_figures_v1 AS told USING (space_id)
CROSS JOIN LATERAL (
    SELECT NOT told.walk_in AND told.state IN ('held', 'checked_in', 'ended', 'released') AS kept
) AS judged
WHERE site.code = %(site)s
  AND lower(told.booked) >= %(first)s::timestamp AT TIME ZONE site.time_zone
  AND lower(told.booked) < (%(last)s::timestamp + interval '1 day') AT TIME ZONE site.time_zone
GROUP BY day, space.code
ORDER BY day, space.code

-- name: unmet_of_days
-- By the day on which somebody looked, whatever time was wanted. A day on which everybody found a booth has no row.
SELECT (at AT TIME ZONE site.time_zone)::date AS day, count(*)::int AS searches
FROM shigotoba.site
JOIN shigotoba.unmet_demand USING (site_id)
WHERE site.code = %(site)s
  AND at >= %(first)s::timestamp AT TIME ZONE site.time_zone
  AND at < (%(last)s::timestamp + interval '1 day') AT TIME ZONE site.time_zone
GROUP BY day
ORDER BY day
