-- Somebody with an account who chooses a password through a link that was handed over: good once, for some days.
CREATE TABLE shigotoba.invitation (
    person_id   int PRIMARY KEY REFERENCES shigotoba.person ON DELETE CASCADE,
    digest      bytea NOT NULL UNIQUE,
    made_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL
);
