-- name: open_days
SELECT date_trunc('month', day)::date, count(*)::int
FROM shigotoba.site
CROSS JOIN LATERAL shigotoba.open_spans_v1(site.site_id, NULL, %(first)s, %(beyond)s) AS span (day, open)
WHERE site.code = %(site)s
GROUP BY 1
ORDER BY 1
