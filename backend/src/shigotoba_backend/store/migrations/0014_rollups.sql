-- Rollups inside opening hours, stays at seats, sessions in booths, every counter, and rises that wait for a person.

ALTER TABLE shigotoba.use_15min
    ADD COLUMN open_occupied_s float8 NOT NULL DEFAULT 0,
    ADD COLUMN open_vacant_s   float8 NOT NULL DEFAULT 0,
    ADD COLUMN sessions        int NOT NULL DEFAULT 0;

-- Computed: when the row was made. Revised: when it was last changed by what came after its day was over.
ALTER TABLE shigotoba.use_day
    ADD COLUMN open_occupied_s float8 NOT NULL DEFAULT 0,
    ADD COLUMN open_vacant_s   float8 NOT NULL DEFAULT 0,
    ADD COLUMN sessions        int NOT NULL DEFAULT 0,
    ADD COLUMN computed_at     timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN revised_at      timestamptz;

ALTER TABLE shigotoba.use_floor_hour
    ADD COLUMN open_occupied_s float8 NOT NULL DEFAULT 0,
    ADD COLUMN open_vacant_s   float8 NOT NULL DEFAULT 0;

ALTER TABLE shigotoba.use_floor_day
    ADD COLUMN open_occupied_s float8 NOT NULL DEFAULT 0,
    ADD COLUMN open_vacant_s   float8 NOT NULL DEFAULT 0,
    ADD COLUMN sessions        int NOT NULL DEFAULT 0,
    ADD COLUMN revised_at      timestamptz;

-- Seconds inside opening hours by quarter, for what is used at the same time: zones, 0 standing for none.
CREATE TABLE shigotoba.use_open_15min (
    floor_id    int NOT NULL REFERENCES shigotoba.floor,
    zone_id     int NOT NULL,
    kind        text NOT NULL,
    bucket      timestamptz NOT NULL,
    occupied_s  float8 NOT NULL,
    vacant_s    float8 NOT NULL,
    PRIMARY KEY (floor_id, zone_id, kind, bucket)
);

-- Somebody was there from when to when, as the sensors of a booth saw it.
CREATE TABLE shigotoba.booth_session (
    space_id  int NOT NULL REFERENCES shigotoba.space,
    during    tstzrange NOT NULL CHECK (NOT isempty(during)),
    source    text NOT NULL DEFAULT 'presence',
    CONSTRAINT a_booth_has_one_session_at_a_time
        EXCLUDE USING GIST (int4range(space_id, space_id, '[]') WITH &&, during WITH &&)
);

ALTER TABLE shigotoba.device
    ADD COLUMN impressions_per_min float8 CHECK (impressions_per_min > 0);

ALTER TABLE shigotoba.printing_hour
    ADD COLUMN impressions_mono         bigint,
    ADD COLUMN impressions_colour       bigint,
    ADD COLUMN impressions_print_mono   bigint,
    ADD COLUMN impressions_print_colour bigint,
    ADD COLUMN impressions_copy_mono    bigint,
    ADD COLUMN impressions_copy_colour  bigint,
    ADD COLUMN impressions_large        bigint,
    ADD COLUMN impressions_duplex       bigint,
    ADD COLUMN sheets_total             bigint,
    ADD COLUMN sheets_duplex            bigint,
    ADD COLUMN fax_received             bigint,
    ADD COLUMN held                     int NOT NULL DEFAULT 0,
    ADD COLUMN computed_at              timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN revised_at               timestamptz;

-- A rise that is not counted until a person has said that it happened.
CREATE TABLE shigotoba.counter_hold (
    hold_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id   int NOT NULL REFERENCES shigotoba.device,
    name        text NOT NULL,
    from_at     timestamptz NOT NULL,
    to_at       timestamptz NOT NULL,
    from_value  bigint NOT NULL,
    to_value    bigint NOT NULL,
    rise        bigint NOT NULL,
    cause       text NOT NULL CHECK (cause IN ('too_fast', 'long_gap')),
    decision    text CHECK (decision IN ('release', 'refuse')),
    decided_at  timestamptz,
    decided_by  text,
    reason      text,
    CONSTRAINT a_decision_has_a_person_and_a_reason
        CHECK (num_nulls(decision, decided_at, decided_by, nullif(reason, '')) IN (0, 4)),
    UNIQUE (device_id, name, from_at, to_at, from_value, to_value)
);

-- Days whose opening hours changed, for the rollups to compute again. A NULL for the space means the whole site.
CREATE TABLE shigotoba.touched_calendar (
    touched_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id     smallint NOT NULL,
    space_id    int,
    days        daterange NOT NULL
);

CREATE FUNCTION shigotoba.note_touched_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO shigotoba.touched_calendar (site_id, days) SELECT DISTINCT site_id, days FROM changed;
    RETURN NULL;
END
$$;

-- A day more at both ends holds the days of every time zone.
CREATE FUNCTION shigotoba.note_touched_closures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO shigotoba.touched_calendar (site_id, space_id, days)
    SELECT DISTINCT site_id, space_id,
           daterange((lower(during) AT TIME ZONE 'UTC')::date - 1, (upper(during) AT TIME ZONE 'UTC')::date + 2)
    FROM changed;
    RETURN NULL;
END
$$;

CREATE TRIGGER days_touched_by_insert AFTER INSERT ON shigotoba.opening_hours
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.note_touched_days();
CREATE TRIGGER days_touched_by_delete AFTER DELETE ON shigotoba.opening_hours
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.note_touched_days();

CREATE TRIGGER days_touched_by_insert AFTER INSERT ON shigotoba.holiday
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.note_touched_days();
CREATE TRIGGER days_touched_by_delete AFTER DELETE ON shigotoba.holiday
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.note_touched_days();

CREATE TRIGGER days_touched_by_insert AFTER INSERT ON shigotoba.closure
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.note_touched_closures();
CREATE TRIGGER days_touched_by_delete AFTER DELETE ON shigotoba.closure
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.note_touched_closures();
CREATE TRIGGER days_touched_from AFTER UPDATE ON shigotoba.closure
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.note_touched_closures();
CREATE TRIGGER days_touched_to AFTER UPDATE ON shigotoba.closure
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.note_touched_closures();

-- As in 0009, with what is inside opening hours. A change more than two hours after the end of a day that was summed up
-- before is a revision; a history that is loaded in one go is none.
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
                   sum(open_vacant_s ORDER BY bucket) AS open_vacant_s, sum(sessions) AS sessions
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
        (space_id, day, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions)
    SELECT space_id, day, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions
    FROM summed WHERE presses IS NOT NULL
    ON CONFLICT (space_id, day) DO UPDATE
    SET occupied_s = EXCLUDED.occupied_s, vacant_s = EXCLUDED.vacant_s, presses = EXCLUDED.presses,
        open_occupied_s = EXCLUDED.open_occupied_s, open_vacant_s = EXCLUDED.open_vacant_s,
        sessions = EXCLUDED.sessions,
        revised_at = CASE WHEN now() > held.computed_at + interval '26 hours' THEN now() ELSE held.revised_at END
    WHERE (held.occupied_s, held.vacant_s, held.presses, held.open_occupied_s, held.open_vacant_s, held.sessions)
          IS DISTINCT FROM (EXCLUDED.occupied_s, EXCLUDED.vacant_s, EXCLUDED.presses, EXCLUDED.open_occupied_s,
                            EXCLUDED.open_vacant_s, EXCLUDED.sessions);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION shigotoba.sum_up_floor_hours() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH hit AS (
        SELECT DISTINCT space.floor_id, space.kind, date_trunc('hour', changed.bucket, 'UTC') AS bucket
        FROM changed JOIN shigotoba.space USING (space_id)
    ), summed AS (
        SELECT hit.floor_id, hit.kind, hit.bucket, sums.*
        FROM hit
        CROSS JOIN LATERAL (
            SELECT sum(occupied_s ORDER BY quarter.bucket, quarter.space_id) AS occupied_s,
                   sum(vacant_s ORDER BY quarter.bucket, quarter.space_id) AS vacant_s,
                   sum(open_occupied_s ORDER BY quarter.bucket, quarter.space_id) AS open_occupied_s,
                   sum(open_vacant_s ORDER BY quarter.bucket, quarter.space_id) AS open_vacant_s,
                   count(DISTINCT quarter.space_id) AS spaces
            FROM shigotoba.space
            JOIN shigotoba.use_15min AS quarter USING (space_id)
            WHERE space.floor_id = hit.floor_id AND space.kind = hit.kind AND occupied_s + vacant_s > 0
              AND quarter.bucket >= hit.bucket AND quarter.bucket < hit.bucket + interval '1 hour'
        ) AS sums
    ), gone AS (
        DELETE FROM shigotoba.use_floor_hour AS held USING summed
        WHERE (held.floor_id, held.kind, held.bucket) = (summed.floor_id, summed.kind, summed.bucket)
          AND summed.spaces = 0
    )
    INSERT INTO shigotoba.use_floor_hour AS held
        (floor_id, kind, bucket, occupied_s, vacant_s, spaces, open_occupied_s, open_vacant_s)
    SELECT floor_id, kind, bucket, occupied_s, vacant_s, spaces, open_occupied_s, open_vacant_s
    FROM summed WHERE spaces > 0
    ON CONFLICT (floor_id, kind, bucket) DO UPDATE
    SET occupied_s = EXCLUDED.occupied_s, vacant_s = EXCLUDED.vacant_s, spaces = EXCLUDED.spaces,
        open_occupied_s = EXCLUDED.open_occupied_s, open_vacant_s = EXCLUDED.open_vacant_s
    WHERE (held.occupied_s, held.vacant_s, held.spaces, held.open_occupied_s, held.open_vacant_s)
          IS DISTINCT FROM (EXCLUDED.occupied_s, EXCLUDED.vacant_s, EXCLUDED.spaces, EXCLUDED.open_occupied_s,
                            EXCLUDED.open_vacant_s);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION shigotoba.sum_up_floor_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH hit AS (
        SELECT DISTINCT space.floor_id, space.kind, changed.day FROM changed JOIN shigotoba.space USING (space_id)
    ), summed AS (
        SELECT hit.floor_id, hit.kind, hit.day, sums.*
        FROM hit
        CROSS JOIN LATERAL (
            SELECT sum(occupied_s ORDER BY space_id) AS occupied_s, sum(vacant_s ORDER BY space_id) AS vacant_s,
                   sum(open_occupied_s ORDER BY space_id) AS open_occupied_s,
                   sum(open_vacant_s ORDER BY space_id) AS open_vacant_s,
                   coalesce(sum(sessions), 0) AS sessions, max(revised_at) AS revised_at, count(*) AS spaces
            FROM shigotoba.space
            JOIN shigotoba.use_day AS used USING (space_id)
            WHERE space.floor_id = hit.floor_id AND space.kind = hit.kind AND used.day = hit.day
              AND occupied_s + vacant_s > 0
        ) AS sums
    ), gone AS (
        DELETE FROM shigotoba.use_floor_day AS held USING summed
        WHERE (held.floor_id, held.kind, held.day) = (summed.floor_id, summed.kind, summed.day) AND summed.spaces = 0
    )
    INSERT INTO shigotoba.use_floor_day AS held
        (floor_id, kind, day, occupied_s, vacant_s, spaces, open_occupied_s, open_vacant_s, sessions, revised_at)
    SELECT floor_id, kind, day, occupied_s, vacant_s, spaces, open_occupied_s, open_vacant_s, sessions, revised_at
    FROM summed WHERE spaces > 0
    ON CONFLICT (floor_id, kind, day) DO UPDATE
    SET occupied_s = EXCLUDED.occupied_s, vacant_s = EXCLUDED.vacant_s, spaces = EXCLUDED.spaces,
        open_occupied_s = EXCLUDED.open_occupied_s, open_vacant_s = EXCLUDED.open_vacant_s,
        sessions = EXCLUDED.sessions, revised_at = EXCLUDED.revised_at
    WHERE (held.occupied_s, held.vacant_s, held.spaces, held.open_occupied_s, held.open_vacant_s, held.sessions,
           held.revised_at)
          IS DISTINCT FROM (EXCLUDED.occupied_s, EXCLUDED.vacant_s, EXCLUDED.spaces, EXCLUDED.open_occupied_s,
                            EXCLUDED.open_vacant_s, EXCLUDED.sessions, EXCLUDED.revised_at);
    RETURN NULL;
END
$$;

-- New quarters outside opening hours, the most there are, make no row and undo none.
CREATE FUNCTION shigotoba.sum_up_open_quarters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH hit AS (
        SELECT DISTINCT space.floor_id, coalesce(space.zone_id, 0) AS zone_id, space.kind, changed.bucket
        FROM changed JOIN shigotoba.space USING (space_id)
        WHERE TG_OP <> 'INSERT' OR open_occupied_s + open_vacant_s > 0
    ), summed AS (
        SELECT hit.floor_id, hit.zone_id, hit.kind, hit.bucket, sums.*
        FROM hit
        CROSS JOIN LATERAL (
            SELECT sum(open_occupied_s ORDER BY quarter.space_id) AS occupied_s,
                   sum(open_vacant_s ORDER BY quarter.space_id) AS vacant_s
            FROM shigotoba.space
            JOIN shigotoba.use_15min AS quarter USING (space_id)
            WHERE space.floor_id = hit.floor_id AND coalesce(space.zone_id, 0) = hit.zone_id
              AND space.kind = hit.kind AND quarter.bucket = hit.bucket AND open_occupied_s + open_vacant_s > 0
        ) AS sums
    ), gone AS (
        DELETE FROM shigotoba.use_open_15min AS held USING summed
        WHERE (held.floor_id, held.zone_id, held.kind, held.bucket)
              = (summed.floor_id, summed.zone_id, summed.kind, summed.bucket)
          AND summed.occupied_s IS NULL
    )
    INSERT INTO shigotoba.use_open_15min AS held (floor_id, zone_id, kind, bucket, occupied_s, vacant_s)
    SELECT floor_id, zone_id, kind, bucket, occupied_s, vacant_s FROM summed WHERE occupied_s IS NOT NULL
    ON CONFLICT (floor_id, zone_id, kind, bucket) DO UPDATE
    SET occupied_s = EXCLUDED.occupied_s, vacant_s = EXCLUDED.vacant_s
    WHERE (held.occupied_s, held.vacant_s) IS DISTINCT FROM (EXCLUDED.occupied_s, EXCLUDED.vacant_s);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION shigotoba.forget_use_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE shigotoba.use_day, shigotoba.use_floor_hour, shigotoba.use_floor_day, shigotoba.use_open_15min;
    RETURN NULL;
END
$$;

CREATE TRIGGER open_quarters_after_insert AFTER INSERT ON shigotoba.use_15min
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.sum_up_open_quarters();
CREATE TRIGGER open_quarters_after_update AFTER UPDATE ON shigotoba.use_15min
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.sum_up_open_quarters();
CREATE TRIGGER open_quarters_after_delete AFTER DELETE ON shigotoba.use_15min
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.sum_up_open_quarters();

-- A space that goes to another floor or zone takes its sums along.
CREATE FUNCTION shigotoba.sum_up_moved_space() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM shigotoba.use_floor_hour WHERE floor_id = OLD.floor_id AND kind = OLD.kind;
    DELETE FROM shigotoba.use_floor_day WHERE floor_id = OLD.floor_id AND kind = OLD.kind;
    DELETE FROM shigotoba.use_open_15min WHERE floor_id = OLD.floor_id AND kind = OLD.kind;
    UPDATE shigotoba.use_day SET presses = presses WHERE space_id IN (
        SELECT space_id FROM shigotoba.space WHERE floor_id IN (OLD.floor_id, NEW.floor_id)
    );
    UPDATE shigotoba.use_15min SET presses = presses WHERE space_id IN (
        SELECT space_id FROM shigotoba.space WHERE floor_id IN (OLD.floor_id, NEW.floor_id)
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER sums_after_move AFTER UPDATE OF floor_id, zone_id, kind ON shigotoba.space
    FOR EACH ROW WHEN ((OLD.floor_id, OLD.zone_id, OLD.kind) IS DISTINCT FROM (NEW.floor_id, NEW.zone_id, NEW.kind))
    EXECUTE FUNCTION shigotoba.sum_up_moved_space();

-- What is inside opening hours is computed for all that is there already.
INSERT INTO shigotoba.touched_calendar (site_id, days) SELECT site_id, daterange(NULL, NULL) FROM shigotoba.site;

CREATE FUNCTION shigotoba.note_touched_site() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO shigotoba.touched_calendar (site_id, days) VALUES (NEW.site_id, daterange(NULL, NULL));
    RETURN NULL;
END
$$;

CREATE TRIGGER hours_after_time_zone AFTER UPDATE OF time_zone ON shigotoba.site
    FOR EACH ROW WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone)
    EXECUTE FUNCTION shigotoba.note_touched_site();
