-- name: take_turn
-- One move at a time; an arbitrary number, the same in every version.
SELECT pg_advisory_xact_lock(495874962533)

-- name: install_timescale
CREATE EXTENSION IF NOT EXISTS timescaledb

-- name: stop_writers
LOCK TABLE shigotoba.reading IN SHARE ROW EXCLUSIVE MODE

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

-- name: chunks_to_compress
SELECT chunk::text FROM show_chunks('shigotoba.reading', older_than => interval '7 days') AS chunk

-- name: compress
SELECT compress_chunk(%(chunk)s::regclass, if_not_compressed => true)
