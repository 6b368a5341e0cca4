-- name: of_booths
-- By stretch and summed over booths, everything inside opening hours and up to now. A booth's sensor tells when it was
-- used; where it has none, its bookings and its button do. Booked is what was booked beforehand, not walk-ins.
WITH stretch AS (
    SELECT number, first, beyond,
           tstzrange(first::timestamp AT TIME ZONE %(time_zone)s,
                     greatest(first::timestamp AT TIME ZONE %(time_zone)s,
                              least(beyond::timestamp AT TIME ZONE %(time_zone)s, %(now)s))) AS span
    FROM unnest(%(firsts)s::date[], %(beyonds)s::date[]) WITH ORDINALITY AS asked (first, beyond, number)
), whole AS (
    SELECT min(first) AS first, max(beyond) AS beyond, range_merge(range_agg(span)) AS span FROM stretch
), booth AS (
    SELECT space_id, site_id,
           EXISTS (SELECT FROM shigotoba.assignment JOIN shigotoba.device USING (device_id)
                   WHERE assignment.space_id = space.space_id AND device.kind = 'booth_sensor') AS seen
    FROM shigotoba.space
    WHERE space_id = ANY(%(spaces)s)
), opening AS (
    SELECT booth.space_id, coalesce(range_agg(spans.open_span) * tstzmultirange(whole.span), '{}') AS spans
    FROM booth CROSS JOIN whole
    LEFT JOIN LATERAL (
        SELECT unnest(open) AS open_span
        FROM shigotoba.open_spans_v1(booth.site_id, booth.space_id, whole.first, whole.beyond)
    ) AS spans ON true
    GROUP BY booth.space_id, whole.span
), used AS (
    SELECT space_id, coalesce(range_agg(during), '{}') AS spans
    FROM (
        SELECT space_id, during FROM shigotoba.booth_session JOIN booth USING (space_id) WHERE seen
        UNION ALL
        SELECT space_id, during FROM shigotoba.booth_used_v1 JOIN booth USING (space_id) WHERE NOT seen
    ) AS uses, whole
    WHERE during && whole.span
    GROUP BY space_id
), reserved AS (
    SELECT space_id, coalesce(range_agg(booked), '{}') AS spans
    FROM shigotoba.booking_figures_v1 JOIN booth USING (space_id), whole
    WHERE NOT walk_in AND state IN ('held', 'checked_in', 'ended', 'released') AND booked && whole.span
    GROUP BY space_id
), timed AS (
    SELECT booth.space_id, number, opening.spans * tstzmultirange(stretch.span) AS open_spans,
           coalesce(used.spans, '{}') * opening.spans * tstzmultirange(stretch.span) AS used_spans,
           coalesce(reserved.spans, '{}') * opening.spans * tstzmultirange(stretch.span) AS booked_spans
    FROM booth CROSS JOIN stretch
    JOIN opening USING (space_id)
    LEFT JOIN used USING (space_id)
    LEFT JOIN reserved USING (space_id)
), seconds AS (
    SELECT number,
           sum((SELECT sum(date_part('epoch', upper(span) - lower(span))) FROM unnest(open_spans) AS span)) AS open_s,
           sum((SELECT sum(date_part('epoch', upper(span) - lower(span))) FROM unnest(used_spans) AS span)) AS used_s,
           sum((SELECT sum(date_part('epoch', upper(span) - lower(span))) FROM unnest(booked_spans) AS span)) AS booked_s,
           sum((SELECT sum(date_part('epoch', upper(span) - lower(span)))
                FROM unnest(used_spans * booked_spans) AS span)) AS used_booked_s
    FROM timed
    GROUP BY number
), outcomes AS (
    SELECT number,
           count(*) FILTER (WHERE state IN ('checked_in', 'ended', 'released') AND NOT walk_in) AS reached,
           count(*) FILTER (WHERE state IN ('checked_in', 'ended', 'released') AND NOT walk_in AND observable) AS observed,
           count(*) FILTER (WHERE no_show AND NOT walk_in AND observable) AS unused,
           count(*) FILTER (WHERE NOT walk_in AND state <> 'offered') AS made,
           count(*) FILTER (WHERE late_cancel AND NOT walk_in) AS cancelled_late,
           sum(recovered_s) AS recovered_s, sum(again.reused_s) AS reused_s
    FROM stretch
    JOIN shigotoba.booking_figures_v1 AS told
      ON lower(booked) >= lower(span) AND lower(booked) < upper(span) AND space_id = ANY(%(spaces)s)
    LEFT JOIN used USING (space_id)
    LEFT JOIN LATERAL (
        SELECT sum(date_part('epoch', upper(part) - lower(part))) AS reused_s
        FROM unnest(
            tstzmultirange(tstzrange(upper(told.booked) - recovered_s * interval '1 second', upper(told.booked)))
            * (coalesce(used.spans, '{}') + coalesce((
                SELECT range_agg(other.booked) FROM shigotoba.booking_figures_v1 AS other
                WHERE other.space_id = told.space_id AND other.booking_id <> told.booking_id
                  AND other.booked && told.booked AND other.state IN ('held', 'checked_in', 'ended', 'released')
            ), '{}'))
        ) AS part
    ) AS again ON recovered_s > 0
    GROUP BY number
), uses AS (
    SELECT number, count(*) AS uses
    FROM stretch
    JOIN (
        SELECT during FROM shigotoba.booth_session JOIN booth USING (space_id)
        WHERE seen AND upper(during) - lower(during) >= interval '1 minute'
        UNION ALL
        SELECT during FROM shigotoba.booth_used_v1 JOIN booth USING (space_id) WHERE NOT seen
    ) AS began ON lower(during) >= lower(span) AND lower(during) < upper(span)
    GROUP BY number
)
SELECT coalesce(open_s, 0)::float8 AS open_s, coalesce(used_s, 0)::float8 AS used_s,
       coalesce(booked_s, 0)::float8 AS booked_s, coalesce(used_booked_s, 0)::float8 AS used_booked_s,
       coalesce(reached, 0)::float8 AS reached, coalesce(observed, 0)::float8 AS observed,
       coalesce(unused, 0)::float8 AS unused, coalesce(made, 0)::float8 AS made,
       coalesce(cancelled_late, 0)::float8 AS cancelled_late, coalesce(recovered_s, 0)::float8 AS recovered_s,
       coalesce(reused_s, 0)::float8 AS reused_s,
       coalesce(uses, 0)::float8 AS uses
FROM stretch
LEFT JOIN seconds USING (number)
LEFT JOIN outcomes USING (number)
LEFT JOIN uses USING (number)
ORDER BY number

-- name: unmet
SELECT count(unmet_demand.at)::float8
FROM unnest(%(firsts)s::date[], %(beyonds)s::date[]) WITH ORDINALITY AS stretch (first, beyond, number)
LEFT JOIN shigotoba.unmet_demand
  ON site_id = ANY(%(sites)s) AND unmet_demand.at >= first::timestamp AT TIME ZONE %(time_zone)s
 AND unmet_demand.at < least(beyond::timestamp AT TIME ZONE %(time_zone)s, %(now)s)
GROUP BY number
ORDER BY number
