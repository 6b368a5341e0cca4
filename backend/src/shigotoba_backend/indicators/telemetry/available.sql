-- name: available
-- Seconds that spaces with a presence sensor were open, up to now: the site's hours for all of them, and less for those
-- that were closed on their own.
WITH stretch AS (
    SELECT number, first, beyond
    FROM unnest(%(firsts)s::date[], %(beyonds)s::date[]) WITH ORDINALITY AS asked (first, beyond, number)
), whole AS (
    SELECT min(first) AS first, max(beyond) AS beyond FROM stretch
), stays AS (
    SELECT space.site_id, space.space_id, unnest(range_agg(daterange(
        (lower(during) AT TIME ZONE time_zone)::date, (upper(during) AT TIME ZONE time_zone)::date, '[]'
    ))) AS days
    FROM shigotoba.assignment
    JOIN shigotoba.device USING (device_id)
    JOIN shigotoba.space USING (space_id)
    JOIN shigotoba.site ON site.site_id = space.site_id
    WHERE space.space_id = ANY(%(spaces)s) AND device.kind IN ('seat_sensor', 'booth_sensor')
    GROUP BY space.site_id, space.space_id
), grouped AS (
    SELECT stays.site_id, stays.days * daterange(whole.first, whole.beyond) AS days, count(*) AS spaces
    FROM stays, whole
    GROUP BY 1, 2
), opening AS (
    SELECT asked.site_id, NULL::int AS space_id, spans.day, spans.open
    FROM unnest(%(sites)s::smallint[]) AS asked (site_id), whole
    CROSS JOIN LATERAL shigotoba.open_spans_v1(asked.site_id, NULL, whole.first, whole.beyond) AS spans
), closed AS (
    SELECT DISTINCT site_id, space_id FROM shigotoba.closure WHERE space_id = ANY(%(spaces)s)
), own AS (
    SELECT closed.site_id, closed.space_id, spans.day, spans.open
    FROM closed, whole
    CROSS JOIN LATERAL shigotoba.open_spans_v1(closed.site_id, closed.space_id, whole.first, whole.beyond) AS spans
), lengths AS (
    SELECT site_id, space_id, day,
           sum(date_part('epoch', least(upper(span), %(now)s) - lower(span))) AS open_s
    FROM (SELECT * FROM opening UNION ALL SELECT * FROM own) AS every, unnest(open) AS span
    WHERE lower(span) < %(now)s
    GROUP BY site_id, space_id, day
), counted AS (
    SELECT lengths.day, lengths.open_s * grouped.spaces AS open_s
    FROM lengths JOIN grouped ON grouped.site_id = lengths.site_id AND grouped.days @> lengths.day
    WHERE lengths.space_id IS NULL
    UNION ALL
    SELECT site.day, coalesce(own.open_s, 0) - site.open_s
    FROM closed
    JOIN lengths AS site ON site.site_id = closed.site_id AND site.space_id IS NULL
    JOIN stays ON stays.space_id = closed.space_id AND stays.days @> site.day
    LEFT JOIN lengths AS own ON own.space_id = closed.space_id AND own.day = site.day
)
SELECT coalesce(sum(open_s), 0)::float8
FROM stretch LEFT JOIN counted ON counted.day >= stretch.first AND counted.day < stretch.beyond
GROUP BY number
ORDER BY number
