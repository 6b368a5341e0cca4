-- What the readings amount to. Every row can be computed again from the readings.

CREATE TABLE shigotoba.use_15min (
    space_id    int NOT NULL REFERENCES shigotoba.space,
    bucket      timestamptz NOT NULL,
    occupied_s  float8 NOT NULL,
    vacant_s    float8 NOT NULL,
    presses     int NOT NULL,
    revision    int NOT NULL DEFAULT 1,
    PRIMARY KEY (space_id, bucket)
);

CREATE INDEX ON shigotoba.use_15min (bucket);

CREATE TABLE shigotoba.printing_hour (
    device_id          int NOT NULL REFERENCES shigotoba.device,
    bucket             timestamptz NOT NULL,
    impressions_total  bigint,
    impressions_print  bigint,
    impressions_copy   bigint,
    impressions_fax    bigint,
    impressions_other  bigint,
    fax_sent           bigint,
    scan_sent          bigint,
    resets             int NOT NULL DEFAULT 0,
    wraps              int NOT NULL DEFAULT 0,
    revision           int NOT NULL DEFAULT 1,
    PRIMARY KEY (device_id, bucket)
);

CREATE INDEX ON shigotoba.printing_hour (bucket);

-- A booth has one use at a time; space numbers as ranges for the same reason as in assignment.
CREATE TABLE shigotoba.booth_use (
    space_id    int NOT NULL REFERENCES shigotoba.space,
    during      tstzrange NOT NULL CHECK (NOT isempty(during)),
    source      text NOT NULL,
    started_by  bigint,
    CONSTRAINT a_booth_has_one_use_at_a_time
        EXCLUDE USING GIST (int4range(space_id, space_id, '[]') WITH &&, during WITH &&)
);
