-- What stands where: sites, floors, spaces, devices, and which device served which space when.

CREATE TABLE shigotoba.site (
    site_id    smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code       text NOT NULL UNIQUE,
    name       text NOT NULL,
    name_en    text NOT NULL,
    time_zone  text NOT NULL
);

CREATE TABLE shigotoba.floor (
    floor_id  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id   smallint NOT NULL REFERENCES shigotoba.site,
    code      text NOT NULL,
    name      text NOT NULL,
    name_en   text NOT NULL,
    level     int NOT NULL,
    UNIQUE (site_id, code)
);

CREATE TABLE shigotoba.space (
    space_id   int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id    smallint NOT NULL REFERENCES shigotoba.site,
    floor_id   int NOT NULL REFERENCES shigotoba.floor,
    code       text NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('seat', 'booth', 'room', 'studio', 'lounge', 'equipment')),
    seat_type  text,
    name       text NOT NULL,
    capacity   int NOT NULL CHECK (capacity >= 0),
    x          float8 NOT NULL,
    y          float8 NOT NULL,
    UNIQUE (site_id, code)
);

CREATE TABLE shigotoba.device (
    device_id     int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id       smallint NOT NULL REFERENCES shigotoba.site,
    code          text NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('seat_sensor', 'booth_sensor', 'booth_button', 'mfp')),
    keep_alive_s  float8 NOT NULL CHECK (keep_alive_s > 0),
    UNIQUE (site_id, code)
);

-- A range of one device number stands in for "device_id with =", which would need the btree_gist extension.
CREATE TABLE shigotoba.assignment (
    device_id  int NOT NULL REFERENCES shigotoba.device,
    space_id   int NOT NULL REFERENCES shigotoba.space,
    during     tstzrange NOT NULL CHECK (NOT isempty(during)),
    CONSTRAINT a_device_is_in_one_space_at_a_time
        EXCLUDE USING GIST (int4range(device_id, device_id, '[]') WITH &&, during WITH &&)
);

CREATE INDEX ON shigotoba.assignment (space_id);

CREATE TABLE shigotoba.point (
    point_id   int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id  int NOT NULL REFERENCES shigotoba.device,
    name       text NOT NULL,
    UNIQUE (device_id, name)
);
