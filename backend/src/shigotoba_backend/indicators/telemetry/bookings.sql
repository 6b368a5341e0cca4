-- name: of_booths
-- By stretch and summed over booths, everything inside opening hours and up to now. A booth's sensor tells when it was
-- used; while it has none, its bookings and its button do. Booked is what was booked beforehand, not walk-ins; watched of
-- it are the quarters of an hour of which the sensor knows at least half, and all while there is none.
WITH stretch AS (
    SELECT number, first, beyond,
           tstzrange(first::timestamp AT TIME ZONE %(time_zone)s,
                     greatest(first::timestamp AT TIME ZONE %(time_zone)s,
                              least(beyond::timestamp AT TIME ZONE %(time_zone)s, %(now)s))) AS span
    FROM unnest(%(firsts)s::date[], %(beyonds)s::date[]) WITH ORDINALITY AS asked (first, beyond, number)
), whole AS (
    SELECT min(first) AS first, max(beyond) AS beyond, range_merge(range_agg(span)) AS span FROM stretch
), booth AS (
    SELECT space_id, site_id, coalesce((
               SELECT range_agg(during) FROM shigotoba.assignment JOIN shigotoba.device USING (device_id)
               WHERE assignment.space_id = space.space_id AND device.kind = 'booth_sensor'
           ), '{}') AS sensed
    FROM shigotoba.space
    WHERE space_id = ANY(%(spaces)s)
), bare AS (
    SELECT space_id, sensed FROM booth, whole WHERE NOT sensed @> whole.span
), opening AS (
    SELECT booth.space_id, coalesce(range_agg(spans.open_span) * tstzmultirange(whole.span), '{}') AS spans
    FROM booth CROSS JOIN whole
    LEFT JOIN LATERAL (
        SELECT unnest(open) AS open_span
        FROM shigotoba.open_spans_v1(booth.site_id, booth.space_id, whole.first, whole.beyond)
    ) AS spans ON true
    GROUP BY booth.space_id, whole.span
), use AS MATERIALIZED (
    SELECT space_id, during, upper(during) - lower(during) >= interval '1 minute' AS counts
    FROM shigotoba.booth_session JOIN booth USING (space_id), whole
    WHERE during && whole.span
    UNION ALL
    SELECT space_id, part, lower(part) = lower(during)
    FROM shigotoba.booth_used_v1 JOIN bare USING (space_id)
    CROSS JOIN whole
    CROSS JOIN LATERAL unnest(tstzmultirange(during) - sensed) AS part
    WHERE during && whole.span
), used AS (
    SELECT space_id, coalesce(range_agg(during), '{}') AS spans FROM use GROUP BY space_id
), reserved AS (
    SELECT space_id, coalesce(range_agg(booked), '{}') AS spans
    FROM shigotoba.booking_figures_v1 JOIN booth USING (space_id), whole
    WHERE NOT walk_in AND state IN ('held', 'checked_in', 'ended', 'released') AND booked && whole.span
    GROUP BY space_id
), answered AS (
    SELECT space_id, range_agg(tstzrange(bucket, bucket + interval '15 minutes')) AS spans
    FROM reserved CROSS JOIN unnest(reserved.spans) AS span
    CROSS JOIN LATERAL (
        SELECT bucket
        FROM shigotoba.use_15min
        WHERE (use_15min.space_id, bucket) > (reserved.space_id, lower(span) - interval '15 minutes')
          AND (use_15min.space_id, bucket) < (reserved.space_id, upper(span))
          AND occupied_s + vacant_s >= 450
    ) AS quarter
    GROUP BY space_id
), timed AS MATERIALIZED (
    SELECT booth.space_id, number, open_spans - sensed AS bare_spans,
           open_spans * ('{(,)}'::tstzmultirange - sensed + coalesce(answered.spans, '{}')) AS watched_spans,
           open_spans,
           open_spans * coalesce(used.spans, '{}') AS used_spans,
           open_spans * coalesce(reserved.spans, '{}') AS booked_spans
    FROM booth CROSS JOIN stretch
    JOIN opening USING (space_id)
    CROSS JOIN LATERAL (SELECT opening.spans * tstzmultirange(stretch.span) AS open_spans OFFSET 0) AS within
    LEFT JOIN used USING (space_id)
    LEFT JOIN reserved USING (space_id)
    LEFT JOIN answered USING (space_id)
), seconds AS (
    SELECT number,
           sum((SELECT sum(date_part('epoch', upper(span) - lower(span))) FROM unnest(open_spans) AS span)) AS open_s,
           sum((SELECT sum(date_part('epoch', upper(span) - lower(span))) FROM unnest(used_spans) AS span)) AS used_s,
           sum((SELECT sum(date_part('epoch', upper(span) - lower(span))) FROM unnest(booked_spans) AS span)) AS booked_s,
           sum((SELECT sum(date_part('epoch', upper(span) - lower(span)))
                FROM unnest(used_spans * booked_spans) AS span)) AS used_booked_s,
           sum((SELECT sum(date_part('epoch', upper(span) - lower(span)))
                FROM unnest(booked_spans * watched_spans) AS span)) AS watched_booked_s,
           sum((SELECT sum(date_part('epoch', upper(span) - lower(span)))
                FROM unnest(used_spans * booked_spans * watched_spans) AS span)) AS watched_used_s,
           bool_or(NOT isempty(bare_spans)) AS has_bare
    FROM timed
    GROUP BY number
), back AS MATERIALIZED (
    SELECT space_id, booking_id, slot, day
    FROM shigotoba.booking_figures_v1 JOIN booth USING (space_id)
    CROSS JOIN whole
    CROSS JOIN LATERAL (SELECT tstzrange(upper(booked) - recovered_s * interval '1 second', upper(booked)) AS slot) AS given
    CROSS JOIN LATERAL generate_series(date_bin('1 day', lower(slot), 'epoch'), upper(slot), interval '1 day') AS day
    WHERE recovered_s > 0 AND lower(booked) >= lower(whole.span) AND lower(booked) < upper(whole.span)
), taken AS MATERIALIZED (
    SELECT space_id, booking_id, during, day
    FROM (
        SELECT space_id, NULL::uuid AS booking_id, during FROM use
        UNION ALL
        SELECT space_id, booking_id, booked FROM shigotoba.booking_figures_v1 JOIN booth USING (space_id)
        WHERE state IN ('held', 'checked_in', 'ended', 'released')
    ) AS every
    CROSS JOIN (SELECT min(lower(slot)) AS first, max(upper(slot)) AS last FROM back) AS given
    CROSS JOIN LATERAL generate_series(
        date_bin('1 day', greatest(lower(during), first), 'epoch'), least(upper(during), last), interval '1 day') AS day
    WHERE during && tstzrange(first, last)
), again AS (
    -- Days are the key by which the two are put together: each booking would else be held against every other.
    SELECT booking_id,
           (SELECT sum(date_part('epoch', upper(part) - lower(part))) FROM unnest(spans * tstzmultirange(slot)) AS part) AS reused_s
    FROM (
        SELECT back.booking_id, back.slot, range_agg(taken.during) AS spans
        FROM back
        JOIN taken ON taken.space_id = back.space_id AND taken.day = back.day AND taken.during && back.slot
         AND taken.booking_id IS DISTINCT FROM back.booking_id
        GROUP BY back.booking_id, back.slot
    ) AS met
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
    LEFT JOIN again USING (booking_id)
    GROUP BY number
), uses AS (
    SELECT number, count(*) AS uses
    FROM stretch
    JOIN use ON lower(during) >= lower(span) AND lower(during) < upper(span) AND counts
    GROUP BY number
)
SELECT coalesce(open_s, 0)::float8 AS open_s, coalesce(used_s, 0)::float8 AS used_s,
       coalesce(booked_s, 0)::float8 AS booked_s, coalesce(used_booked_s, 0)::float8 AS used_booked_s,
       coalesce(watched_booked_s, 0)::float8 AS watched_booked_s, coalesce(watched_used_s, 0)::float8 AS watched_used_s,
       coalesce(has_bare, false) AS has_bare,
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
