-- name: snapshot
SELECT pg_export_snapshot()

-- name: tables
-- Pieces of a table are counted with the table they belong to.
SELECT relname FROM pg_class
WHERE relnamespace = 'shigotoba'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
ORDER BY relname

-- name: is_empty
SELECT NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'shigotoba')

-- name: timescaledb
SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'

-- name: create_timescaledb
CREATE EXTENSION IF NOT EXISTS timescaledb

-- name: before_restore
SELECT timescaledb_pre_restore()

-- name: after_restore
SELECT timescaledb_post_restore()
