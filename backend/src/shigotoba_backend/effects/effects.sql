-- name: open_days
SELECT date_trunc('month', day)::date, count(*)::int
FROM shigotoba.site
CROSS JOIN LATERAL shigotoba.open_spans_v1(site.site_id, NULL, %(first)s, %(beyond)s) AS span (day, open)
WHERE site.code = %(site)s
GROUP BY 1
ORDER BY 1

-- name: printers
-- How many printers stood in the places when each month ended; a replaced one counts once.
SELECT count(device.device_id)
FROM unnest(%(months)s::date[]) AS month
LEFT JOIN shigotoba.assignment
  ON space_id = ANY(%(spaces)s)
 AND during @> ((month + interval '1 month' - interval '1 second')::timestamp AT TIME ZONE %(time_zone)s)
LEFT JOIN shigotoba.device ON device.device_id = assignment.device_id AND device.kind = 'mfp'
GROUP BY month
