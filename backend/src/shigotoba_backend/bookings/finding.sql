-- name: availability
-- Of each booth: when it is open, and when it is free as well, both within the asked span. Open is what the calendar
-- says (a site without opening hours is always open; booths in outside_hours too) without closures. A booking bars the
-- pause behind it, an ended one too, and the pause that whoever comes before it would need.
WITH asked AS (
    SELECT tstzrange(%(start)s, %(end)s) AS span
), site AS (
    SELECT site_id, time_zone,
           EXISTS (SELECT FROM shigotoba.opening_hours WHERE opening_hours.site_id = site.site_id) AS has_hours,
           coalesce((SELECT range_agg(during) FROM shigotoba.closure
                     WHERE closure.site_id = site.site_id AND closure.space_id IS NULL
                       AND closure.during && asked.span), '{}') AS closed
    FROM shigotoba.site CROSS JOIN asked WHERE code = %(site)s
), hours AS (
    SELECT coalesce(range_agg(spans.open), '{}') AS span
    FROM site CROSS JOIN asked CROSS JOIN LATERAL shigotoba.open_spans_v1(
        site.site_id, NULL, (lower(asked.span) AT TIME ZONE site.time_zone)::date,
        (upper(asked.span) AT TIME ZONE site.time_zone)::date + 1
    ) AS spans
), closed AS (
    SELECT closure.space_id, range_agg(closure.during) AS span
    FROM shigotoba.closure JOIN site USING (site_id) CROSS JOIN asked
    WHERE closure.space_id IS NOT NULL AND closure.during && asked.span
    GROUP BY closure.space_id
), kept AS (
    SELECT space_id,
           CASE WHEN pause > '0' THEN tstzrange(lower(barred) - pause, upper(barred)) ELSE barred END AS barred
    FROM shigotoba.booking JOIN unnest(%(spaces)s::int[], %(pauses)s::interval[]) AS asked (space_id, pause) USING (space_id)
    WHERE state IN ('offered', 'held', 'checked_in')
      AND barred && tstzrange(%(start)s, %(end)s::timestamptz + %(longest_pause)s)
      AND space_id = ANY(%(spaces)s) AND booking_id IS DISTINCT FROM %(besides)s
      AND shigotoba.booking_state_v1(state, during, lapses_at, %(now)s) = state
    UNION ALL
    SELECT space_id, barred FROM shigotoba.booking
    WHERE state = 'ended' AND buffer > '0' AND ended_at > %(now)s::timestamptz - interval '1 day'
      AND barred && tstzrange(%(start)s, %(end)s) AND space_id = ANY(%(spaces)s)
), held AS (
    SELECT space_id, range_agg(barred) AS span FROM kept GROUP BY space_id
), open AS (
    SELECT space.space_id,
           tstzmultirange(asked.span)
           * CASE WHEN site.has_hours AND space.space_id <> ALL(%(outside_hours)s) THEN hours.span
                  ELSE tstzmultirange(asked.span) - site.closed END
           - coalesce(closed.span, '{}') AS span
    FROM site CROSS JOIN asked CROSS JOIN hours
    JOIN shigotoba.space ON space.space_id = ANY(%(spaces)s)
    LEFT JOIN closed USING (space_id)
)
SELECT open.space_id, open.span, open.span - coalesce(held.span, '{}')
FROM open LEFT JOIN held USING (space_id)

-- name: why_not_open
SELECT closure.reason, holiday.name, holiday.name_en, opens.at
FROM shigotoba.site
LEFT JOIN LATERAL (
    SELECT reason FROM shigotoba.closure
    WHERE closure.site_id = site.site_id AND (closure.space_id IS NULL OR closure.space_id = %(space_id)s)
      AND closure.during && tstzrange(%(start)s, %(end)s)
    LIMIT 1
) AS closure ON true
LEFT JOIN shigotoba.holiday
       ON holiday.site_id = site.site_id AND holiday.days @> (%(start)s::timestamptz AT TIME ZONE site.time_zone)::date
LEFT JOIN LATERAL (
    SELECT min(lower(open)) AS at
    FROM shigotoba.open_spans_v1(
        site.site_id, %(space_id)s, (%(start)s::timestamptz AT TIME ZONE site.time_zone)::date,
        (%(start)s::timestamptz AT TIME ZONE site.time_zone)::date + 15
    )
    WHERE upper(open) > %(start)s
) AS opens ON true
WHERE site.code = %(site)s

-- name: miss
INSERT INTO shigotoba.unmet_demand (site_id, wanted, asker, reason, at)
SELECT site_id, tstzrange(%(start)s, %(end)s), %(asker)s, %(reason)s, %(now)s
FROM shigotoba.site WHERE code = %(site)s
ON CONFLICT DO NOTHING
