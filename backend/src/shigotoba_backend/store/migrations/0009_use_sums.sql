-- Sums of use_15min for long windows: by space and day, by floor and hour, by floor and day. The database keeps them in
-- the transaction that changes the quarters, so they are exact whoever writes: the worker, a rebuild, an older version.
-- Each sum is computed again as a whole and in one order, so that it does not depend on what came when.

CREATE INDEX ON shigotoba.space (floor_id);

-- Days are days of the site's time zone.
CREATE TABLE shigotoba.use_day (
    space_id    int NOT NULL REFERENCES shigotoba.space,
    day         date NOT NULL,
    occupied_s  float8 NOT NULL,
    vacant_s    float8 NOT NULL,
    presses     int NOT NULL,
    PRIMARY KEY (space_id, day)
);

-- Spaces: how many of the kind anything is known of.
CREATE TABLE shigotoba.use_floor_hour (
    floor_id    int NOT NULL REFERENCES shigotoba.floor,
    kind        text NOT NULL,
    bucket      timestamptz NOT NULL,
    occupied_s  float8 NOT NULL,
    vacant_s    float8 NOT NULL,
    spaces      int NOT NULL,
    PRIMARY KEY (floor_id, kind, bucket)
);

CREATE TABLE shigotoba.use_floor_day (
    floor_id    int NOT NULL REFERENCES shigotoba.floor,
    kind        text NOT NULL,
    day         date NOT NULL,
    occupied_s  float8 NOT NULL,
    vacant_s    float8 NOT NULL,
    spaces      int NOT NULL,
    PRIMARY KEY (floor_id, kind, day)
);

CREATE FUNCTION shigotoba.sum_up_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH hit AS (
        SELECT DISTINCT space.space_id, (changed.bucket AT TIME ZONE site.time_zone)::date AS day, site.time_zone
        FROM changed JOIN shigotoba.space USING (space_id) JOIN shigotoba.site USING (site_id)
    ), summed AS (
        SELECT hit.space_id, hit.day, sums.*
        FROM hit
        CROSS JOIN LATERAL (
            SELECT sum(occupied_s ORDER BY bucket) AS occupied_s, sum(vacant_s ORDER BY bucket) AS vacant_s,
                   sum(presses) AS presses
            FROM shigotoba.use_15min
            WHERE use_15min.space_id = hit.space_id
              AND bucket >= hit.day::timestamp AT TIME ZONE hit.time_zone
              AND bucket < (hit.day + 1)::timestamp AT TIME ZONE hit.time_zone
        ) AS sums
    ), gone AS (
        DELETE FROM shigotoba.use_day AS held USING summed
        WHERE (held.space_id, held.day) = (summed.space_id, summed.day) AND summed.presses IS NULL
    )
    INSERT INTO shigotoba.use_day AS held (space_id, day, occupied_s, vacant_s, presses)
    SELECT space_id, day, occupied_s, vacant_s, presses FROM summed WHERE presses IS NOT NULL
    ON CONFLICT (space_id, day) DO UPDATE
    SET occupied_s = EXCLUDED.occupied_s, vacant_s = EXCLUDED.vacant_s, presses = EXCLUDED.presses
    WHERE (held.occupied_s, held.vacant_s, held.presses)
          IS DISTINCT FROM (EXCLUDED.occupied_s, EXCLUDED.vacant_s, EXCLUDED.presses);
    RETURN NULL;
END
$$;

CREATE FUNCTION shigotoba.sum_up_floor_hours() RETURNS trigger LANGUAGE plpgsql AS $$
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
    INSERT INTO shigotoba.use_floor_hour AS held (floor_id, kind, bucket, occupied_s, vacant_s, spaces)
    SELECT floor_id, kind, bucket, occupied_s, vacant_s, spaces FROM summed WHERE spaces > 0
    ON CONFLICT (floor_id, kind, bucket) DO UPDATE
    SET occupied_s = EXCLUDED.occupied_s, vacant_s = EXCLUDED.vacant_s, spaces = EXCLUDED.spaces
    WHERE (held.occupied_s, held.vacant_s, held.spaces)
          IS DISTINCT FROM (EXCLUDED.occupied_s, EXCLUDED.vacant_s, EXCLUDED.spaces);
    RETURN NULL;
END
$$;

CREATE FUNCTION shigotoba.sum_up_floor_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH hit AS (
        SELECT DISTINCT space.floor_id, space.kind, changed.day FROM changed JOIN shigotoba.space USING (space_id)
    ), summed AS (
        SELECT hit.floor_id, hit.kind, hit.day, sums.*
        FROM hit
        CROSS JOIN LATERAL (
            SELECT sum(occupied_s ORDER BY space_id) AS occupied_s, sum(vacant_s ORDER BY space_id) AS vacant_s,
                   count(*) AS spaces
            FROM shigotoba.space
            JOIN shigotoba.use_day AS used USING (space_id)
            WHERE space.floor_id = hit.floor_id AND space.kind = hit.kind AND used.day = hit.day
              AND occupied_s + vacant_s > 0
        ) AS sums
    ), gone AS (
        DELETE FROM shigotoba.use_floor_day AS held USING summed
        WHERE (held.floor_id, held.kind, held.day) = (summed.floor_id, summed.kind, summed.day) AND summed.spaces = 0
    )
    INSERT INTO shigotoba.use_floor_day AS held (floor_id, kind, day, occupied_s, vacant_s, spaces)
    SELECT floor_id, kind, day, occupied_s, vacant_s, spaces FROM summed WHERE spaces > 0
    ON CONFLICT (floor_id, kind, day) DO UPDATE
    SET occupied_s = EXCLUDED.occupied_s, vacant_s = EXCLUDED.vacant_s, spaces = EXCLUDED.spaces
    WHERE (held.occupied_s, held.vacant_s, held.spaces)
          IS DISTINCT FROM (EXCLUDED.occupied_s, EXCLUDED.vacant_s, EXCLUDED.spaces);
    RETURN NULL;
END
$$;

CREATE FUNCTION shigotoba.forget_use_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE shigotoba.use_day, shigotoba.use_floor_hour, shigotoba.use_floor_day;
    RETURN NULL;
END
$$;

CREATE FUNCTION shigotoba.sum_up_use_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whatever else a quarter says, touching it sums up its day and hour again. The old sums go first.
    DELETE FROM shigotoba.use_day USING shigotoba.space
    WHERE space.space_id = use_day.space_id AND space.site_id = NEW.site_id;
    UPDATE shigotoba.use_15min SET presses = presses
    FROM shigotoba.space WHERE space.space_id = use_15min.space_id AND space.site_id = NEW.site_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER days_after_insert AFTER INSERT ON shigotoba.use_15min
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.sum_up_days();
CREATE TRIGGER days_after_update AFTER UPDATE ON shigotoba.use_15min
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.sum_up_days();
CREATE TRIGGER days_after_delete AFTER DELETE ON shigotoba.use_15min
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.sum_up_days();

CREATE TRIGGER floor_hours_after_insert AFTER INSERT ON shigotoba.use_15min
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.sum_up_floor_hours();
CREATE TRIGGER floor_hours_after_update AFTER UPDATE ON shigotoba.use_15min
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.sum_up_floor_hours();
CREATE TRIGGER floor_hours_after_delete AFTER DELETE ON shigotoba.use_15min
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.sum_up_floor_hours();

CREATE TRIGGER floor_days_after_insert AFTER INSERT ON shigotoba.use_day
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.sum_up_floor_days();
CREATE TRIGGER floor_days_after_update AFTER UPDATE ON shigotoba.use_day
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.sum_up_floor_days();
CREATE TRIGGER floor_days_after_delete AFTER DELETE ON shigotoba.use_day
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.sum_up_floor_days();

CREATE TRIGGER sums_after_truncate AFTER TRUNCATE ON shigotoba.use_15min
    FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.forget_use_sums();

CREATE TRIGGER sums_after_time_zone AFTER UPDATE OF time_zone ON shigotoba.site
    FOR EACH ROW WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone)
    EXECUTE FUNCTION shigotoba.sum_up_use_again();

-- What was there before.
UPDATE shigotoba.use_15min SET presses = presses;
