-- name: printing_by_day
-- Sums of nothing but NULL are NULL: a day without data stays without data.
SELECT day.local::date AS day, printed.*
FROM shigotoba.site
CROSS JOIN LATERAL generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS day (local)
CROSS JOIN LATERAL (
    SELECT sum(impressions_total)::bigint AS impressions_total,
           sum(impressions_print)::bigint AS impressions_print,
           sum(impressions_copy)::bigint AS impressions_copy,
           sum(impressions_fax)::bigint AS impressions_fax,
           sum(impressions_other)::bigint AS impressions_other,
           sum(fax_sent)::bigint AS fax_sent,
           sum(scan_sent)::bigint AS scan_sent,
           sum(resets)::int AS resets,
           sum(wraps)::int AS wraps,
           count(*)::int AS devices,
           sum(sheets_total)::bigint AS sheets_total,
           sum(fax_received)::bigint AS fax_received,
           coalesce(sum(held), 0)::int AS held,
           max(revised_at) AS revised_at
    FROM shigotoba.device
    JOIN shigotoba.printing_day USING (device_id)
    WHERE device.site_id = site.site_id AND device.kind = 'mfp' AND printing_day.day = day.local::date
) AS printed
WHERE site.code = %(site)s
ORDER BY day.local
