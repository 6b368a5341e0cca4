-- name: lock
-- An arbitrary number, the same in every version.
SELECT pg_advisory_lock(495874962530)

-- name: unlock
SELECT pg_advisory_unlock(495874962530)

-- name: create_record
CREATE SCHEMA IF NOT EXISTS shigotoba;
CREATE TABLE IF NOT EXISTS shigotoba.migration (
    number      int PRIMARY KEY,
    name        text NOT NULL,
    checksum    text NOT NULL,
    applied_at  timestamptz NOT NULL DEFAULT now()
)

-- name: record_exists
SELECT to_regclass('shigotoba.migration') IS NOT NULL

-- name: applied
SELECT number, checksum FROM shigotoba.migration

-- name: record
INSERT INTO shigotoba.migration (number, name, checksum) VALUES (%(number)s, %(name)s, %(checksum)s)
