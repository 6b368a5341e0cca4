-- Which process speaks for a gateway, and who else claims to.

-- instance: random name of the process; before: the one it followed. certificate: serial it shows, empty with a password.
CREATE TABLE shigotoba.gateway_tenure (
    site_id      smallint NOT NULL REFERENCES shigotoba.site,
    gateway      text NOT NULL,
    instance     text NOT NULL,
    before       text NOT NULL DEFAULT '',
    epoch        text NOT NULL,
    certificate  text NOT NULL,
    every_s      double precision NOT NULL,
    since        timestamptz NOT NULL,
    heard_at     timestamptz NOT NULL,
    PRIMARY KEY (site_id, gateway)
);

CREATE TABLE shigotoba.gateway_twin (
    site_id   smallint NOT NULL REFERENCES shigotoba.site,
    gateway   text NOT NULL,
    instance  text NOT NULL,
    epoch     text NOT NULL,
    first_at  timestamptz NOT NULL,
    heard_at  timestamptz NOT NULL,
    PRIMARY KEY (site_id, gateway, instance)
);
