-- The readings table may be partitioned by PostgreSQL itself or by an extension; nobody but these functions knows.

CREATE FUNCTION shigotoba.ensure_month_of_v1(parent regclass, wanted timestamptz) RETURNS void
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
    EXECUTE format('CREATE TABLE shigotoba.%I (LIKE %s INCLUDING ALL)', month_table, parent);
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION shigotoba.%I FOR VALUES FROM (%L) TO (%L)',
                   parent, month_table, from_at, to_at);
END
$$;

-- An extension makes its chunks by itself; a worker of any version may go on calling this.
CREATE OR REPLACE FUNCTION shigotoba.ensure_reading_month_v1(wanted timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT relkind FROM pg_class WHERE oid = 'shigotoba.reading'::regclass) = 'p' THEN
        PERFORM shigotoba.ensure_month_of_v1('shigotoba.reading', wanted);
    END IF;
END
$$;

-- One row: raw readings before this were dropped, so what they amounted to can not be computed again.
CREATE TABLE shigotoba.retention (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    kept_from  timestamptz NOT NULL
);
