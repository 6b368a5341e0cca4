-- Which days of whose bookings have been taken over from before, so that taking them over again changes nothing.
CREATE TABLE shigotoba.taken_over_day (
    site_id   smallint NOT NULL REFERENCES shigotoba.site,
    origin    text NOT NULL,
    day       date NOT NULL,
    bookings  int NOT NULL,
    taken_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, origin, day)
);
