-- name: of_booths
-- By stretch and summed over booths, everything inside opening hours and up to now. A booth's sensor tells when it was
-- used; while it has none, its bookings and its button do. Booked is what was booked beforehand, not walk-ins; watched of
-- it are the quarters of an hour of which the sensor knows at least half, and all while there is none.
--
-- Bookings, uses and days go to their stretch first (``width_bucket``: the last that has begun), so that what is then cut
-- with one another is a booth's month, not its years.
WITH stretch AS (
    SELECT number::int, first, beyond,
           tstzrange(first::timestamp AT TIME ZONE %(time_zone)s,
                     greatest(first::timestamp AT TIME ZONE %(time_zone)s,
                              least(beyond::timestamp AT TIME ZONE %(time_zone)s, %(now)s))) AS span
    FROM unnest(%(firsts)s::date[], %(beyonds)s::date[]) WITH ORDINALITY AS asked (first, beyond, number)
), whole AS MATERIALIZED (
    SELECT min(first) AS first, max(beyond) AS beyond, range_merge(range_agg(span)) AS span,
           array_agg(first::timestamp AT TIME ZONE %(time_zone)s ORDER BY number) AS starts
    FROM stretch
), booth AS MATERIALIZED (
    SELECT space_id, site_id, coalesce((
               SELECT range_agg(during) FROM shigotoba.assignment JOIN shigotoba.device USING (device_id)
               WHERE assignment.space_id = space.space_id AND device.kind = 'booth_sensor'
           ), '{}') AS sensed,
           CASE WHEN EXISTS (SELECT FROM shigotoba.closure WHERE closure.space_id = space.space_id)
                THEN space_id ELSE 0 END AS opens_as
    FROM shigotoba.space
    WHERE space_id = ANY(%(spaces)s)
), opening AS MATERIALIZED (
    SELECT site_id, opens_as, number, range_agg(open_span * stretch.span) AS spans,
           sum(date_part('epoch', upper(open_span * stretch.span) - lower(open_span * stretch.span))) AS open_s
    FROM (SELECT DISTINCT site_id, opens_as FROM booth) AS asked
    CROSS JOIN whole
    CROSS JOIN LATERAL shigotoba.open_spans_v1(site_id, nullif(opens_as, 0), whole.first, whole.beyond) AS opened
    CROSS JOIN LATERAL unnest(opened.open) AS open_span
    JOIN stretch ON stretch.span && open_span
    GROUP BY site_id, opens_as, number
), use AS MATERIALIZED (
    SELECT space_id, during, counts, width_bucket(lower(during), starts) AS number,
           width_bucket(upper(during), starts) AS last_number
    FROM (
        SELECT space_id, during, upper(during) - lower(during) >= interval '1 minute' AS counts
        FROM shigotoba.booth_session JOIN booth USING (space_id), whole
        WHERE during && whole.span
        UNION ALL
        SELECT booth.space_id, part, lower(part) = lower(told.during)
        FROM booth CROSS JOIN whole
        CROSS JOIN LATERAL (
            SELECT during FROM shigotoba.booth_used_v1 AS used
            WHERE used.space_id = booth.space_id AND used.during && whole.span
            OFFSET 0
        ) AS told
        CROSS JOIN LATERAL unnest(tstzmultirange(told.during) - sensed) AS part
        WHERE NOT sensed @> whole.span
    ) AS every, whole
), booked AS MATERIALIZED (
    SELECT *, width_bucket(lower(booked), starts) AS number, width_bucket(upper(booked), starts) AS last_number,
           CASE WHEN recovered_s > 0 AND lower(booked) >= first_at
                THEN tstzrange(upper(booked) - recovered_s * interval '1 second', upper(booked)) END AS slot
    FROM (
        SELECT space_id, booking_id, booked, state, walk_in, observable, no_show, late_cancel, recovered_s, starts,
               lower(whole.span) AS first_at, state IN ('held', 'checked_in', 'ended', 'released') AS holds
        FROM shigotoba.booking_figures_v1 JOIN booth USING (space_id), whole
        WHERE booked && whole.span
        OFFSET 0
    ) AS told
), doubt AS (
    -- Days of which the sensor does not know every quarter of an hour; of these each is looked up.
    SELECT space_id, tstzrange(lower(days)::timestamp AT TIME ZONE time_zone,
                               upper(days)::timestamp AT TIME ZONE time_zone) AS span
    FROM booth JOIN shigotoba.site USING (site_id)
    CROSS JOIN whole
    CROSS JOIN LATERAL (
        SELECT coalesce(range_agg(daterange(day, day + 1)), '{}') AS known
        FROM shigotoba.use_day
        WHERE use_day.space_id = booth.space_id AND day >= whole.first - 1 AND day <= whole.beyond AND answered >= 96
          AND answered * interval '15 minutes' >= (day + 1)::timestamp AT TIME ZONE time_zone
                                                  - day::timestamp AT TIME ZONE time_zone
    ) AS kept
    CROSS JOIN LATERAL unnest(datemultirange(daterange(whole.first - 1, whole.beyond + 1)) - known) AS days
), told AS MATERIALIZED (
    SELECT space_id, number, coalesce(range_agg(span) FILTER (WHERE of = 'use'), '{}') AS used_spans,
           coalesce(range_agg(span) FILTER (WHERE of = 'booking'), '{}') AS reserved_spans,
           coalesce(range_agg(span) FILTER (WHERE of = 'doubt'), '{}') AS doubt_spans
    FROM (
        SELECT 'booth' AS of, space_id, number, NULL::tstzrange AS span FROM booth CROSS JOIN stretch
        UNION ALL
        SELECT 'use', space_id, generate_series(number, last_number), during FROM use
        UNION ALL
        SELECT 'booking', space_id, generate_series(number, last_number), booked FROM booked WHERE NOT walk_in AND holds
        UNION ALL
        SELECT 'doubt', space_id, number, doubt.span FROM doubt JOIN stretch ON stretch.span && doubt.span
    ) AS every
    GROUP BY space_id, number
), cut AS MATERIALIZED (
    SELECT space_id, number, open_s, opening.spans - sensed AS bare_spans, opening.spans * told.used_spans AS used_spans,
           booked_spans,
           CASE WHEN isempty(doubt_spans) THEN doubt_spans ELSE booked_spans * sensed * doubt_spans END AS doubtful_spans
    FROM booth
    JOIN opening USING (site_id, opens_as)
    JOIN told USING (space_id, number)
    CROSS JOIN LATERAL (SELECT opening.spans * reserved_spans AS booked_spans OFFSET 0) AS clipped
), timed AS MATERIALIZED (
    SELECT number, open_s, bare_spans, used_spans, booked_spans, used_spans * booked_spans AS both_spans,
           CASE WHEN isempty(doubtful_spans) THEN doubtful_spans ELSE doubtful_spans - coalesce((
               SELECT range_agg(tstzrange(bucket, bucket + interval '15 minutes'))
               FROM unnest(doubtful_spans) AS span
               CROSS JOIN LATERAL (
                   SELECT bucket
                   FROM shigotoba.use_15min
                   WHERE (use_15min.space_id, bucket) > (cut.space_id, lower(span) - interval '15 minutes')
                     AND (use_15min.space_id, bucket) < (cut.space_id, upper(span))
                     AND occupied_s + vacant_s >= 450
               ) AS quarter
           ), '{}') END AS silent_spans
    FROM cut
), measured AS MATERIALIZED (
    SELECT *,
           (SELECT sum(date_part('epoch', upper(span) - lower(span))) FROM unnest(used_spans) AS span) AS used_s,
           (SELECT sum(date_part('epoch', upper(span) - lower(span))) FROM unnest(booked_spans) AS span) AS booked_s,
           (SELECT sum(date_part('epoch', upper(span) - lower(span))) FROM unnest(both_spans) AS span) AS used_booked_s
    FROM timed
), seconds AS (
    SELECT number, sum(open_s) AS open_s, sum(used_s) AS used_s, sum(booked_s) AS booked_s,
           sum(used_booked_s) AS used_booked_s,
           sum(CASE WHEN isempty(silent_spans) THEN booked_s ELSE (
               SELECT sum(date_part('epoch', upper(span) - lower(span))) FROM unnest(booked_spans - silent_spans) AS span
           ) END) AS watched_booked_s,
           sum(CASE WHEN isempty(silent_spans) THEN used_booked_s ELSE (
               SELECT sum(date_part('epoch', upper(span) - lower(span))) FROM unnest(both_spans - silent_spans) AS span
           ) END) AS watched_used_s,
           bool_or(NOT isempty(bare_spans)) AS has_bare
    FROM measured
    GROUP BY number
), shared AS MATERIALIZED (
    -- What one booking has given back only another of the same time can take: days are the key by which they meet.
    SELECT space_id, booking_id, booked, slot, day
    FROM (
        SELECT *, lower(booked) < max(upper(booked)) OVER earlier
                  OR upper(booked) > lead(lower(booked)) OVER earlier AS shares
        FROM (
            SELECT space_id, booking_id, booked, slot FROM booked WHERE holds
            UNION ALL
            SELECT space_id, booking_id, booked, NULL
            FROM shigotoba.booking_figures_v1 JOIN booth USING (space_id), whole
            WHERE state IN ('held', 'checked_in', 'ended', 'released')
              AND lower(booked) >= upper(whole.span) AND lower(booked) < (SELECT max(upper(slot)) FROM booked)
        ) AS every
        WINDOW earlier AS (PARTITION BY space_id ORDER BY lower(booked) ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) AS beside
    CROSS JOIN LATERAL generate_series(floor(date_part('epoch', lower(booked)) / 86400)::int,
                                       floor(date_part('epoch', upper(booked)) / 86400)::int) AS day
    WHERE shares
), taken AS (
    SELECT booking_id, unnest(used_spans * tstzmultirange(slot)) AS part
    FROM (
        SELECT space_id, booking_id, slot, generate_series(number, last_number) AS number FROM booked WHERE slot IS NOT NULL
    ) AS back
    JOIN told USING (space_id, number)
    WHERE used_spans && slot
    UNION ALL
    SELECT back.booking_id, back.slot * other.booked
    FROM shared AS back
    JOIN shared AS other ON other.space_id = back.space_id AND other.day = back.day
                        AND other.booking_id <> back.booking_id AND other.booked && back.slot
), again AS (
    SELECT booking_id,
           (SELECT sum(date_part('epoch', upper(part) - lower(part))) FROM unnest(spans) AS part) AS reused_s
    FROM (SELECT booking_id, range_agg(part) AS spans FROM taken GROUP BY booking_id) AS met
), outcomes AS (
    SELECT number,
           count(*) FILTER (WHERE state IN ('checked_in', 'ended', 'released') AND NOT walk_in) AS reached,
           count(*) FILTER (WHERE state IN ('checked_in', 'ended', 'released') AND NOT walk_in AND observable) AS observed,
           count(*) FILTER (WHERE no_show AND NOT walk_in AND observable) AS unused,
           count(*) FILTER (WHERE NOT walk_in AND state <> 'offered') AS made,
           count(*) FILTER (WHERE late_cancel AND NOT walk_in) AS cancelled_late,
           sum(recovered_s) AS recovered_s, sum(again.reused_s) AS reused_s
    FROM stretch
    JOIN booked USING (number)
    LEFT JOIN again USING (booking_id)
    WHERE lower(booked) < upper(span)
    GROUP BY number
), uses AS (
    SELECT number, count(*) AS uses
    FROM use JOIN stretch USING (number)
    WHERE counts AND lower(during) < upper(span)
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
