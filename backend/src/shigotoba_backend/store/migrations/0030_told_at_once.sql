-- What is told of use, quickly where something is withheld (0028 says what these functions are for).

-- Few days are short, but for the present one; who looks for them does not want to read all others.
CREATE INDEX use_day_short ON shigotoba.use_day (space_id, day) INCLUDE (answered) WHERE answered < 96;

-- Seat by seat along the key: with few spans of many the planner would sooner read all quarters there are.
CREATE OR REPLACE FUNCTION shigotoba.withheld_quarters_v1(
    since timestamptz, beyond timestamptz,
    withheld_spaces int[], withheld_from timestamptz[], withheld_until timestamptz[]
) RETURNS SETOF shigotoba.use_15min LANGUAGE sql STABLE AS $$
    SELECT quarter.*
    FROM unnest(withheld_spaces, withheld_from, withheld_until) AS withheld (space_id, starts, ends)
    CROSS JOIN LATERAL (
        SELECT * FROM shigotoba.use_15min AS kept
        WHERE kept.space_id = withheld.space_id AND kept.bucket >= greatest(withheld.starts, since)
          AND kept.bucket < least(withheld.ends, beyond)
        OFFSET 0
    ) AS quarter
$$;

-- What is withheld is worked out once, and then taken off: for each row of what is kept it would take minutes.
CREATE OR REPLACE FUNCTION shigotoba.told_days_v1(
    spaces int[], first date, beyond date,
    withheld_spaces int[], withheld_from timestamptz[], withheld_until timestamptz[]
) RETURNS TABLE (
    space_id int, day date, occupied_s float8, vacant_s float8, presses int, open_occupied_s float8,
    open_vacant_s float8, sessions int, revised_at timestamptz
) LANGUAGE sql STABLE AS $$
    WITH gone AS MATERIALIZED (
        SELECT * FROM shigotoba.withheld_days_v1(first, beyond, withheld_spaces, withheld_from, withheld_until)
    )
    SELECT used.space_id, used.day, shigotoba.less_v1(used.occupied_s, gone.occupied_s),
           shigotoba.less_v1(used.vacant_s, gone.vacant_s), used.presses,
           shigotoba.less_v1(used.open_occupied_s, gone.open_occupied_s),
           shigotoba.less_v1(used.open_vacant_s, gone.open_vacant_s),
           used.sessions - coalesce(gone.sessions, 0), used.revised_at
    FROM shigotoba.use_day AS used
    LEFT JOIN gone ON gone.space_id = used.space_id AND gone.day = used.day
    WHERE used.space_id = ANY(spaces) AND used.day >= first AND used.day < beyond AND gone.all_of_it IS NOT TRUE
$$;

CREATE OR REPLACE FUNCTION shigotoba.told_floor_days_v1(
    floors int[], kinds text[], first date, beyond date,
    withheld_spaces int[], withheld_from timestamptz[], withheld_until timestamptz[]
) RETURNS TABLE (
    floor_id int, kind text, day date, occupied_s float8, vacant_s float8, spaces int, open_occupied_s float8,
    open_vacant_s float8, sessions int, revised_at timestamptz
) LANGUAGE sql STABLE AS $$
    WITH gone AS MATERIALIZED (
        SELECT floor_id, day, sum(occupied_s) AS occupied_s, sum(vacant_s) AS vacant_s,
               (count(*) FILTER (WHERE all_of_it AND occupied_s + vacant_s > 0))::int AS spaces,
               sum(open_occupied_s) AS open_occupied_s, sum(open_vacant_s) AS open_vacant_s,
               sum(sessions)::int AS sessions
        FROM shigotoba.withheld_days_v1(first, beyond, withheld_spaces, withheld_from, withheld_until)
        GROUP BY floor_id, day
    )
    SELECT used.floor_id, used.kind, used.day, shigotoba.less_v1(used.occupied_s, gone.occupied_s),
           shigotoba.less_v1(used.vacant_s, gone.vacant_s), used.spaces - coalesce(gone.spaces, 0),
           shigotoba.less_v1(used.open_occupied_s, gone.open_occupied_s),
           shigotoba.less_v1(used.open_vacant_s, gone.open_vacant_s),
           used.sessions - coalesce(gone.sessions, 0), used.revised_at
    FROM shigotoba.use_floor_day AS used
    LEFT JOIN gone ON used.kind = 'seat' AND gone.floor_id = used.floor_id AND gone.day = used.day
    WHERE used.floor_id = ANY(floors) AND used.kind = ANY(kinds) AND used.day >= first AND used.day < beyond
      AND used.spaces > coalesce(gone.spaces, 0)
$$;

CREATE OR REPLACE FUNCTION shigotoba.told_floor_hours_v1(
    floors int[], kinds text[], since timestamptz, beyond timestamptz,
    withheld_spaces int[], withheld_from timestamptz[], withheld_until timestamptz[]
) RETURNS TABLE (floor_id int, kind text, bucket timestamptz, occupied_s float8, vacant_s float8, spaces int)
LANGUAGE sql STABLE AS $$
    WITH gone AS MATERIALIZED (
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
    )
    SELECT used.floor_id, used.kind, used.bucket, shigotoba.less_v1(used.occupied_s, gone.occupied_s),
           shigotoba.less_v1(used.vacant_s, gone.vacant_s), used.spaces - coalesce(gone.spaces, 0)
    FROM shigotoba.use_floor_hour AS used
    LEFT JOIN gone ON used.kind = 'seat' AND gone.floor_id = used.floor_id AND gone.bucket = used.bucket
    WHERE used.floor_id = ANY(floors) AND used.kind = ANY(kinds) AND used.bucket >= since AND used.bucket < beyond
      AND used.spaces > coalesce(gone.spaces, 0)
$$;

CREATE OR REPLACE FUNCTION shigotoba.told_open_quarters_v1(
    floors int[], kinds text[], since timestamptz, beyond timestamptz,
    withheld_spaces int[], withheld_from timestamptz[], withheld_until timestamptz[]
) RETURNS TABLE (floor_id int, zone_id int, kind text, bucket timestamptz, occupied_s float8, vacant_s float8)
LANGUAGE sql STABLE AS $$
    WITH gone AS MATERIALIZED (
        SELECT space.floor_id, coalesce(space.zone_id, 0) AS zone_id, quarter.bucket,
               sum(open_occupied_s) AS occupied_s, sum(open_vacant_s) AS vacant_s
        FROM shigotoba.withheld_quarters_v1(since, beyond, withheld_spaces, withheld_from, withheld_until) AS quarter
        JOIN shigotoba.space USING (space_id)
        GROUP BY space.floor_id, coalesce(space.zone_id, 0), quarter.bucket
    )
    SELECT used.floor_id, used.zone_id, used.kind, used.bucket, shigotoba.less_v1(used.occupied_s, gone.occupied_s),
           shigotoba.less_v1(used.vacant_s, gone.vacant_s)
    FROM shigotoba.use_open_15min AS used
    LEFT JOIN gone ON used.kind = 'seat' AND gone.floor_id = used.floor_id AND gone.zone_id = used.zone_id
             AND gone.bucket = used.bucket
    WHERE used.floor_id = ANY(floors) AND used.kind = ANY(kinds) AND used.bucket >= since AND used.bucket < beyond
      AND shigotoba.less_v1(used.occupied_s + used.vacant_s, gone.occupied_s + gone.vacant_s) > 0
$$;
