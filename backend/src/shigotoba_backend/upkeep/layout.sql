-- name: lies
SELECT relkind = 'p', to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL
FROM pg_class
WHERE oid = 'shigotoba.reading'::regclass

-- name: is_distributed
SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = 'shigotoba.reading'::regclass)

-- name: timescale_offer
-- The extension's loader defines disable_load: who may not read shared_preload_libraries may ask for that.
SELECT coalesce(installed_version, default_version),
       current_setting('timescaledb.disable_load', true) IS NOT NULL,
       current_setting('timescaledb.license', true)
FROM pg_available_extensions
WHERE name = 'timescaledb'

-- name: citus_offer
SELECT coalesce(installed_version, default_version), current_setting('citus.shard_count', true) IS NOT NULL
FROM pg_available_extensions
WHERE name = 'citus'

-- name: holds_readings
SELECT EXISTS (SELECT true FROM shigotoba.reading)

-- name: pieces
SELECT count(*) FROM pg_inherits WHERE inhparent = 'shigotoba.reading'::regclass

-- name: make_months_ahead
SELECT shigotoba.ensure_reading_month_v1(
    date_add(date_trunc('month', %(now)s::timestamptz, 'UTC'), months * interval '1 month', 'UTC')
)
FROM generate_series(0, %(months)s) AS months
