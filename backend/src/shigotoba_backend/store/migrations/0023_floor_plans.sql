-- What a floor looks like, from a day on: a picture, and where its places and devices stand. The past is kept.

-- Of the site's own days, half-open; without an end until a later plan begins.
CREATE TABLE shigotoba.floor_plan (
    floor_plan_id  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    floor_id       int NOT NULL REFERENCES shigotoba.floor,
    valid          daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    width_m        float8 NOT NULL CHECK (width_m > 0 AND width_m <= 1000),
    height_m       float8 NOT NULL CHECK (height_m > 0 AND height_m <= 1000),
    media_type     text CHECK (media_type IN ('image/svg+xml', 'image/png', 'image/jpeg')),
    picture        bytea,
    made_at        timestamptz NOT NULL,
    made_by        int REFERENCES shigotoba.person,
    CHECK ((media_type IS NULL) = (picture IS NULL)),
    CONSTRAINT a_floor_has_one_plan_at_a_time
        EXCLUDE USING GIST (int4range(floor_id, floor_id, '[]') WITH &&, valid WITH &&)
);

-- In metres from the left and the upper edge of the plan.
CREATE TABLE shigotoba.floor_plan_place (
    floor_plan_id  int NOT NULL REFERENCES shigotoba.floor_plan ON DELETE CASCADE,
    space_id       int NOT NULL REFERENCES shigotoba.space,
    x              float8 NOT NULL,
    y              float8 NOT NULL,
    PRIMARY KEY (floor_plan_id, space_id)
);

CREATE TABLE shigotoba.floor_plan_device (
    floor_plan_id  int NOT NULL REFERENCES shigotoba.floor_plan ON DELETE CASCADE,
    device_id      int NOT NULL REFERENCES shigotoba.device,
    x              float8 NOT NULL,
    y              float8 NOT NULL,
    PRIMARY KEY (floor_plan_id, device_id)
);

CREATE INDEX ON shigotoba.floor_plan_place (space_id);
CREATE INDEX ON shigotoba.floor_plan_device (device_id);

-- Where the places of a site stand at an instant: on the plan of that day, else as the site file says.
CREATE FUNCTION shigotoba.place_at_v1(asked_site smallint, asked timestamptz)
RETURNS TABLE (space_id int, x float8, y float8) LANGUAGE sql STABLE AS $$
    SELECT space.space_id, coalesce(placed.x, space.x), coalesce(placed.y, space.y)
    FROM shigotoba.site
    JOIN shigotoba.space USING (site_id)
    LEFT JOIN shigotoba.floor_plan
      ON floor_plan.floor_id = space.floor_id AND floor_plan.valid @> (asked AT TIME ZONE site.time_zone)::date
    LEFT JOIN shigotoba.floor_plan_place AS placed
      ON placed.floor_plan_id = floor_plan.floor_plan_id AND placed.space_id = space.space_id
    WHERE site.site_id = asked_site
$$;
