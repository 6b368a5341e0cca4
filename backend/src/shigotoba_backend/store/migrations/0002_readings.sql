-- What was measured, what of it has arrived, and what could not be accepted.

-- No key: the ledger decides what is new, so that readings go in by plain COPY. No reference to point either, because
-- its check would run once per row.
CREATE TABLE shigotoba.reading (
    point_id   int NOT NULL,
    at         timestamptz NOT NULL,
    seq        bigint NOT NULL,
    value      float8,
    label      text,
    uncertain  boolean NOT NULL,
    CHECK (num_nonnulls(value, label) = 1)
) PARTITION BY RANGE (at);

CREATE INDEX reading_point_at ON shigotoba.reading (point_id, at);

-- Months are cut in UTC, whatever the session's time zone. Attaching a finished table locks the parent less than
-- creating a partition in place: readers and writers of other months go on.
CREATE FUNCTION shigotoba.ensure_reading_month_v1(wanted timestamptz) RETURNS void
LANGUAGE plpgsql SET timezone = 'UTC' SET datestyle = 'ISO' AS $$
DECLARE
    from_at timestamptz := date_trunc('month', wanted);
    to_at timestamptz := from_at + interval '1 month';
    month_table text := to_char(from_at, '"reading_"YYYY"_"MM');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('shigotoba.ensure_reading_month'));
    IF to_regclass(format('shigotoba.%I', month_table)) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE shigotoba.%I (LIKE shigotoba.reading INCLUDING ALL)', month_table);
    EXECUTE format('ALTER TABLE shigotoba.reading ATTACH PARTITION shigotoba.%I FOR VALUES FROM (%L) TO (%L)',
                   month_table, from_at, to_at);
END
$$;

-- What of each epoch has been committed.
CREATE TABLE shigotoba.ledger (
    site_id     smallint NOT NULL REFERENCES shigotoba.site,
    gateway     text NOT NULL,
    epoch       text NOT NULL,
    received    int8multirange NOT NULL DEFAULT '{}',
    first_at    timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, gateway, epoch)
);

-- The newest value of each point by its own time, and since when it has been so.
CREATE TABLE shigotoba.latest (
    point_id    int PRIMARY KEY REFERENCES shigotoba.point,
    at          timestamptz NOT NULL,
    value       float8,
    label       text,
    changed_at  timestamptz NOT NULL
);

-- Which stretches of which points have new readings; the rollups consume the rows.
CREATE TABLE shigotoba.touched (
    touched_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    point_id    int NOT NULL REFERENCES shigotoba.point,
    from_at     timestamptz NOT NULL,
    to_at       timestamptz NOT NULL,
    CHECK (from_at <= to_at)
);

CREATE TABLE shigotoba.quarantine (
    quarantine_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at    timestamptz NOT NULL DEFAULT now(),
    topic          text NOT NULL,
    gateway        text NOT NULL,
    reason         text NOT NULL,
    detail         text NOT NULL,
    payload        bytea NOT NULL,
    digest         text NOT NULL,
    repeats        int NOT NULL DEFAULT 0,
    UNIQUE (digest, reason)
);

CREATE TABLE shigotoba.gateway_health (
    site_id  smallint NOT NULL REFERENCES shigotoba.site,
    gateway  text NOT NULL,
    at       timestamptz NOT NULL,
    payload  jsonb NOT NULL,
    PRIMARY KEY (site_id, gateway)
);

-- The configuration each gateway should have, as last published.
CREATE TABLE shigotoba.desired_config (
    site_id     smallint NOT NULL REFERENCES shigotoba.site,
    gateway     text NOT NULL,
    version     int NOT NULL CHECK (version > 0),
    payload     jsonb NOT NULL,
    changed_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, gateway)
);
