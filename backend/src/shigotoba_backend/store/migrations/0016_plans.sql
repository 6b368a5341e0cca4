-- Reform programmes: initiatives as whole cards, one row for each version. A version is never changed.

CREATE TABLE shigotoba.programme (
    programme_id     int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id  smallint NOT NULL DEFAULT 1 REFERENCES shigotoba.organisation,
    code             text NOT NULL,
    name             text NOT NULL,
    owner            text NOT NULL,
    source           text NOT NULL,
    UNIQUE (organisation_id, code)
);

CREATE TABLE shigotoba.initiative (
    initiative_id  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    programme_id   int NOT NULL REFERENCES shigotoba.programme,
    code           text NOT NULL,
    position       int NOT NULL,
    UNIQUE (programme_id, code)
);

CREATE TABLE shigotoba.initiative_version (
    initiative_id  int NOT NULL REFERENCES shigotoba.initiative,
    version        int NOT NULL CHECK (version >= 1),
    card           jsonb NOT NULL,
    at             timestamptz NOT NULL,
    actor_id       int REFERENCES shigotoba.person,
    actor_kind     text NOT NULL,
    reason         text NOT NULL,
    PRIMARY KEY (initiative_id, version),
    CONSTRAINT a_change_has_a_reason CHECK (version = 1 OR reason <> ''),
    CONSTRAINT a_status_is_one_of_six CHECK (
        card ->> 'status' IN ('done', 'under_way', 'partly_under_way', 'planned', 'under_study', 'to_be_studied')
    )
);

CREATE TRIGGER versions_are_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON shigotoba.initiative_version
    FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.refuse_to_rewrite();
