-- name: take_turn
-- One move at a time; an arbitrary number, the same in every version.
SELECT pg_advisory_xact_lock(495874962533)

-- name: install_timescale
CREATE EXTENSION IF NOT EXISTS timescaledb

-- name: install_citus
CREATE EXTENSION IF NOT EXISTS citus

-- name: stop_writers
-- The readings first: who writes both begins there.
LOCK TABLE shigotoba.reading IN SHARE ROW EXCLUSIVE MODE;
LOCK TABLE shigotoba.touched IN SHARE ROW EXCLUSIVE MODE

-- name: make_native
CREATE TABLE shigotoba.reading_moved (LIKE shigotoba.reading INCLUDING ALL) PARTITION BY RANGE (at);
SELECT shigotoba.ensure_month_of_v1('shigotoba.reading_moved', month)
FROM (SELECT min(at) AS first, max(at) AS last FROM shigotoba.reading) AS held
CROSS JOIN generate_series(date_trunc('month', held.first, 'UTC'), held.last, interval '1 month', 'UTC') AS month

-- name: make_timescale
-- Weeks: few enough chunks for queries without a time limit, and indexes of the newest that fit into memory up to
-- some 2,000 seats (docs/decisions/0010). One segment per point: that is how every query asks.
CREATE TABLE shigotoba.reading_moved (LIKE shigotoba.reading INCLUDING ALL);
SELECT create_hypertable('shigotoba.reading_moved', by_range('at', interval '7 days'), create_default_indexes => false);
ALTER TABLE shigotoba.reading_moved SET (
    timescaledb.compress, timescaledb.compress_segmentby = 'point_id', timescaledb.compress_orderby = 'at'
);
SELECT add_compression_policy('shigotoba.reading_moved', interval '7 days')

-- name: copy
INSERT INTO shigotoba.reading_moved SELECT * FROM shigotoba.reading

-- name: count
SELECT count(*) FROM shigotoba.reading

-- name: swap
DROP TABLE shigotoba.reading;
ALTER TABLE shigotoba.reading_moved RENAME TO reading;
ALTER INDEX shigotoba.reading_moved_point_id_at_idx RENAME TO reading_point_at

-- name: one_after_another
-- Citus refuses to change tables in a transaction that has asked one machine over several connections.
SELECT set_config('citus.multi_shard_modify_mode', 'sequential', true)

-- name: distribute
-- By point, so that each question of one point asks one machine, and a site's load is everybody's (docs/decisions/0056).
-- Citus copies what is there and leaves the original behind, unseen; it has then served.
SELECT create_distributed_table('shigotoba.reading', 'point_id');
SELECT create_distributed_table('shigotoba.touched', 'point_id', colocate_with => 'shigotoba.reading');
SELECT truncate_local_data_after_distributing_table('shigotoba.reading');
SELECT truncate_local_data_after_distributing_table('shigotoba.touched')

-- name: ask_apart
-- See store/migrations/0027.
ALTER FUNCTION shigotoba.count_before_v1 VOLATILE;
ALTER FUNCTION shigotoba.count_after_v1 VOLATILE;
ALTER FUNCTION shigotoba.extent_of_v1 VOLATILE

-- name: ask_within
-- Also after the restore of a backup, which may be older than the functions.
DO $$
DECLARE
    asked regprocedure;
BEGIN
    FOR asked IN
        SELECT oid FROM pg_proc
        WHERE pronamespace = 'shigotoba'::regnamespace AND provolatile = 'v'
          AND proname IN ('count_before_v1', 'count_after_v1', 'extent_of_v1')
    LOOP
        EXECUTE format('ALTER FUNCTION %s STABLE', asked);
    END LOOP;
END
$$

-- name: gather
-- Citus does not take back a table that numbers its rows itself.
SELECT undistribute_table('shigotoba.reading');
CREATE TABLE shigotoba.touched_moved (LIKE shigotoba.touched INCLUDING ALL);
INSERT INTO shigotoba.touched_moved (point_id, from_at, to_at)
SELECT point_id, from_at, to_at FROM shigotoba.touched ORDER BY touched_id;
DROP TABLE shigotoba.touched;
ALTER TABLE shigotoba.touched_moved RENAME TO touched;
ALTER INDEX shigotoba.touched_moved_pkey RENAME TO touched_pkey;
ALTER SEQUENCE shigotoba.touched_moved_touched_id_seq RENAME TO touched_touched_id_seq

-- name: chunks_to_compress
SELECT chunk::text FROM show_chunks('shigotoba.reading', older_than => interval '7 days') AS chunk

-- name: compress
SELECT compress_chunk(%(chunk)s::regclass, if_not_compressed => true)
