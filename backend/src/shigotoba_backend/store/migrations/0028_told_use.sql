-- What is told of use: sums less the quarters of an hour that are withheld, since fewer than five seats would show in them
-- (docs/decisions/0052). Which those are is decided outside (indicators/withheld.py) and given as three arrays: seats,
-- and from when until when each. Without any these are the sums as they are kept.

-- In how many quarters of the day a space answered, which is: something is known of half of the quarter or more.
ALTER TABLE shigotoba.use_day ADD COLUMN answered int NOT NULL DEFAULT 0;

-- As in 0014, with that number.
CREATE OR REPLACE FUNCTION shigotoba.sum_up_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH hit AS (
        SELECT DISTINCT space.space_id, (changed.bucket AT TIME ZONE site.time_zone)::date AS day, site.time_zone
        FROM changed JOIN shigotoba.space USING (space_id) JOIN shigotoba.site USING (site_id)
    ), summed AS (
        SELECT hit.space_id, hit.day, sums.*
        FROM hit
        CROSS JOIN LATERAL (
            SELECT sum(occupied_s ORDER BY bucket) AS occupied_s, sum(vacant_s ORDER BY bucket) AS vacant_s,
                   sum(presses) AS presses, sum(open_occupied_s ORDER BY bucket) AS open_occupied_s,
                   sum(open_vacant_s ORDER BY bucket) AS open_vacant_s, sum(sessions) AS sessions,
                   count(*) FILTER (WHERE occupied_s + vacant_s >= 450) AS answered
            FROM shigotoba.use_15min
            WHERE use_15min.space_id = hit.space_id
              AND bucket >= hit.day::timestamp AT TIME ZONE hit.time_zone
              AND bucket < (hit.day + 1)::timestamp AT TIME ZONE hit.time_zone
        ) AS sums
    ), gone AS (
        DELETE FROM shigotoba.use_day AS held USING summed
        WHERE (held.space_id, held.day) = (summed.space_id, summed.day) AND summed.presses IS NULL
    )
    INSERT INTO shigotoba.use_day AS held
        (space_id, day, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions, answered)
    SELECT space_id, day, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions, answered
    FROM summed WHERE presses IS NOT NULL
    ON CONFLICT (space_id, day) DO UPDATE
    SET occupied_s = EXCLUDED.occupied_s, vacant_s = EXCLUDED.vacant_s, presses = EXCLUDED.presses,
        open_occupied_s = EXCLUDED.open_occupied_s, open_vacant_s = EXCLUDED.open_vacant_s,
        sessions = EXCLUDED.sessions, answered = EXCLUDED.answered,
        revised_at = CASE WHEN now() > held.computed_at + interval '26 hours' THEN now() ELSE held.revised_at END
    WHERE (held.occupied_s, held.vacant_s, held.presses, held.open_occupied_s, held.open_vacant_s, held.sessions,
           held.answered)
          IS DISTINCT FROM (EXCLUDED.occupied_s, EXCLUDED.vacant_s, EXCLUDED.presses, EXCLUDED.open_occupied_s,
                            EXCLUDED.open_vacant_s, EXCLUDED.sessions, EXCLUDED.answered);
    RETURN NULL;
END
$$;

-- What was there before; sums of floors do not depend on it.
ALTER TABLE shigotoba.use_day DISABLE TRIGGER floor_days_after_update;
UPDATE shigotoba.use_day SET answered = counted.answered
FROM (
    SELECT space_id, (bucket AT TIME ZONE site.time_zone)::date AS day, count(*) AS answered
    FROM shigotoba.use_15min JOIN shigotoba.space USING (space_id) JOIN shigotoba.site USING (site_id)
    WHERE occupied_s + vacant_s >= 450
    GROUP BY 1, 2
) AS counted
WHERE (counted.space_id, counted.day) = (use_day.space_id, use_day.day);
ALTER TABLE shigotoba.use_day ENABLE TRIGGER floor_days_after_update;

-- A sum less a part of it. Sums of seconds are not exact to the last binary digit; a millionth is nobody's time.
CREATE FUNCTION shigotoba.less_v1(whole float8, part float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN part IS NULL THEN whole ELSE round((whole - part)::numeric, 6)::float8 END
$$;

CREATE FUNCTION shigotoba.withheld_quarters_v1(
    since timestamptz, beyond timestamptz,
    withheld_spaces int[], withheld_from timestamptz[], withheld_until timestamptz[]
) RETURNS SETOF shigotoba.use_15min LANGUAGE sql STABLE AS $$
    SELECT quarter.*
    FROM unnest(withheld_spaces, withheld_from, withheld_until) AS withheld (space_id, starts, ends)
    JOIN shigotoba.use_15min AS quarter
      ON quarter.space_id = withheld.space_id AND quarter.bucket >= greatest(withheld.starts, since)
     AND quarter.bucket < least(withheld.ends, beyond)
$$;

CREATE FUNCTION shigotoba.told_quarters_v1(
    spaces int[], since timestamptz, beyond timestamptz,
    withheld_spaces int[], withheld_from timestamptz[], withheld_until timestamptz[]
) RETURNS SETOF shigotoba.use_15min LANGUAGE sql STABLE AS $$
    SELECT quarter.*
    FROM shigotoba.use_15min AS quarter
    WHERE quarter.space_id = ANY(spaces) AND quarter.bucket >= since AND quarter.bucket < beyond
      AND NOT EXISTS (
          SELECT
          FROM unnest(withheld_spaces, withheld_from, withheld_until) AS withheld (space_id, starts, ends)
          WHERE withheld.space_id = quarter.space_id
            AND quarter.bucket >= withheld.starts AND quarter.bucket < withheld.ends
      )
$$;

-- Of spaces and days with something withheld: how much, and whether anything is left.
CREATE FUNCTION shigotoba.withheld_days_v1(
    first date, beyond date, withheld_spaces int[], withheld_from timestamptz[], withheld_until timestamptz[]
) RETURNS TABLE (
    floor_id int, space_id int, day date, occupied_s float8, vacant_s float8, open_occupied_s float8,
    open_vacant_s float8, sessions int, all_of_it bool
) LANGUAGE sql STABLE AS $$
    SELECT gone.floor_id, gone.space_id, gone.day, gone.occupied_s, gone.vacant_s, gone.open_occupied_s,
           gone.open_vacant_s, gone.sessions, gone.quarters = (
               SELECT count(*) FROM shigotoba.use_15min AS quarter
               WHERE quarter.space_id = gone.space_id AND quarter.occupied_s + quarter.vacant_s > 0
                 AND quarter.bucket >= gone.day::timestamp AT TIME ZONE gone.time_zone
                 AND quarter.bucket < (gone.day + 1)::timestamp AT TIME ZONE gone.time_zone
           )
    FROM (
        SELECT space.floor_id, space.space_id, (quarter.bucket AT TIME ZONE site.time_zone)::date AS day, site.time_zone,
               sum(occupied_s) AS occupied_s, sum(vacant_s) AS vacant_s, sum(open_occupied_s) AS open_occupied_s,
               sum(open_vacant_s) AS open_vacant_s, sum(sessions)::int AS sessions,
               count(*) FILTER (WHERE occupied_s + vacant_s > 0) AS quarters
        FROM shigotoba.withheld_quarters_v1(
            (first - 1)::timestamp AT TIME ZONE 'UTC', (beyond + 1)::timestamp AT TIME ZONE 'UTC',
            withheld_spaces, withheld_from, withheld_until
        ) AS quarter
        JOIN shigotoba.space USING (space_id)
        JOIN shigotoba.site USING (site_id)
        GROUP BY space.floor_id, space.space_id, 3, site.time_zone
    ) AS gone
    WHERE gone.day >= first AND gone.day < beyond
$$;

CREATE FUNCTION shigotoba.told_days_v1(
    spaces int[], first date, beyond date,
    withheld_spaces int[], withheld_from timestamptz[], withheld_until timestamptz[]
) RETURNS TABLE (
    space_id int, day date, occupied_s float8, vacant_s float8, presses int, open_occupied_s float8,
    open_vacant_s float8, sessions int, revised_at timestamptz
) LANGUAGE sql STABLE AS $$
    SELECT used.space_id, used.day, shigotoba.less_v1(used.occupied_s, gone.occupied_s),
           shigotoba.less_v1(used.vacant_s, gone.vacant_s), used.presses,
           shigotoba.less_v1(used.open_occupied_s, gone.open_occupied_s),
           shigotoba.less_v1(used.open_vacant_s, gone.open_vacant_s),
           used.sessions - coalesce(gone.sessions, 0), used.revised_at
    FROM shigotoba.use_day AS used
    LEFT JOIN shigotoba.withheld_days_v1(first, beyond, withheld_spaces, withheld_from, withheld_until) AS gone
      ON gone.space_id = used.space_id AND gone.day = used.day
    WHERE used.space_id = ANY(spaces) AND used.day >= first AND used.day < beyond AND gone.all_of_it IS NOT TRUE
$$;

CREATE FUNCTION shigotoba.told_floor_days_v1(
    floors int[], kinds text[], first date, beyond date,
    withheld_spaces int[], withheld_from timestamptz[], withheld_until timestamptz[]
) RETURNS TABLE (
    floor_id int, kind text, day date, occupied_s float8, vacant_s float8, spaces int, open_occupied_s float8,
    open_vacant_s float8, sessions int, revised_at timestamptz
) LANGUAGE sql STABLE AS $$
    SELECT used.floor_id, used.kind, used.day, shigotoba.less_v1(used.occupied_s, gone.occupied_s),
           shigotoba.less_v1(used.vacant_s, gone.vacant_s), used.spaces - coalesce(gone.spaces, 0),
           shigotoba.less_v1(used.open_occupied_s, gone.open_occupied_s),
           shigotoba.less_v1(used.open_vacant_s, gone.open_vacant_s),
           used.sessions - coalesce(gone.sessions, 0), used.revised_at
    FROM shigotoba.use_floor_day AS used
    LEFT JOIN (
        SELECT floor_id, day, sum(occupied_s) AS occupied_s, sum(vacant_s) AS vacant_s,
               (count(*) FILTER (WHERE all_of_it AND occupied_s + vacant_s > 0))::int AS spaces,
               sum(open_occupied_s) AS open_occupied_s, sum(open_vacant_s) AS open_vacant_s,
               sum(sessions)::int AS sessions
        FROM shigotoba.withheld_days_v1(first, beyond, withheld_spaces, withheld_from, withheld_until)
        GROUP BY floor_id, day
    ) AS gone ON used.kind = 'seat' AND gone.floor_id = used.floor_id AND gone.day = used.day
    WHERE used.floor_id = ANY(floors) AND used.kind = ANY(kinds) AND used.day >= first AND used.day < beyond
      AND used.spaces > coalesce(gone.spaces, 0)
$$;

CREATE FUNCTION shigotoba.told_floor_hours_v1(
    floors int[], kinds text[], since timestamptz, beyond timestamptz,
    withheld_spaces int[], withheld_from timestamptz[], withheld_until timestamptz[]
) RETURNS TABLE (floor_id int, kind text, bucket timestamptz, occupied_s float8, vacant_s float8, spaces int)
LANGUAGE sql STABLE AS $$
    SELECT used.floor_id, used.kind, used.bucket, shigotoba.less_v1(used.occupied_s, gone.occupied_s),
           shigotoba.less_v1(used.vacant_s, gone.vacant_s), used.spaces - coalesce(gone.spaces, 0)
    FROM shigotoba.use_floor_hour AS used
    LEFT JOIN (
        SELECT floor_id, bucket, sum(occupied_s) AS occupied_s, sum(vacant_s) AS vacant_s,
               (count(*) FILTER (WHERE quarters > 0 AND quarters = (
                   SELECT count(*) FROM shigotoba.use_15min AS quarter
                   WHERE quarter.space_id = silent.space_id AND quarter.occupied_s + quarter.vacant_s > 0
                     AND quarter.bucket >= silent.bucket AND quarter.bucket < silent.bucket + interval '1 hour'
               )))::int AS spaces
        FROM (
            SELECT space.floor_id, space.space_id, date_trunc('hour', quarter.bucket, 'UTC') AS bucket,
                   sum(occupied_s) AS occupied_s, sum(vacant_s) AS vacant_s,
                   count(*) FILTER (WHERE occupied_s + vacant_s > 0) AS quarters
            FROM shigotoba.withheld_quarters_v1(since, beyond, withheld_spaces, withheld_from, withheld_until) AS quarter
            JOIN shigotoba.space USING (space_id)
            GROUP BY space.floor_id, space.space_id, 3
        ) AS silent
        GROUP BY floor_id, bucket
    ) AS gone ON used.kind = 'seat' AND gone.floor_id = used.floor_id AND gone.bucket = used.bucket
    WHERE used.floor_id = ANY(floors) AND used.kind = ANY(kinds) AND used.bucket >= since AND used.bucket < beyond
      AND used.spaces > coalesce(gone.spaces, 0)
$$;

CREATE FUNCTION shigotoba.told_open_quarters_v1(
    floors int[], kinds text[], since timestamptz, beyond timestamptz,
    withheld_spaces int[], withheld_from timestamptz[], withheld_until timestamptz[]
) RETURNS TABLE (floor_id int, zone_id int, kind text, bucket timestamptz, occupied_s float8, vacant_s float8)
LANGUAGE sql STABLE AS $$
    SELECT used.floor_id, used.zone_id, used.kind, used.bucket, shigotoba.less_v1(used.occupied_s, gone.occupied_s),
           shigotoba.less_v1(used.vacant_s, gone.vacant_s)
    FROM shigotoba.use_open_15min AS used
    LEFT JOIN (
        SELECT space.floor_id, coalesce(space.zone_id, 0) AS zone_id, quarter.bucket,
               sum(open_occupied_s) AS occupied_s, sum(open_vacant_s) AS vacant_s
        FROM shigotoba.withheld_quarters_v1(since, beyond, withheld_spaces, withheld_from, withheld_until) AS quarter
        JOIN shigotoba.space USING (space_id)
        GROUP BY space.floor_id, coalesce(space.zone_id, 0), quarter.bucket
    ) AS gone ON used.kind = 'seat' AND gone.floor_id = used.floor_id AND gone.zone_id = used.zone_id
             AND gone.bucket = used.bucket
    WHERE used.floor_id = ANY(floors) AND used.kind = ANY(kinds) AND used.bucket >= since AND used.bucket < beyond
      AND shigotoba.less_v1(used.occupied_s + used.vacant_s, gone.occupied_s + gone.vacant_s) > 0
$$;
