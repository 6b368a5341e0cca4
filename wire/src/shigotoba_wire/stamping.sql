-- Readings whose time is not known yet, in the outbox file. Monotonic time since the boot named is at_ms - offset_ms.

-- name: make
CREATE TABLE IF NOT EXISTS unstamped (
    place     INTEGER PRIMARY KEY,
    boot      TEXT NOT NULL,
    offset_ms INTEGER NOT NULL,
    readings  INTEGER NOT NULL,
    payload   BLOB NOT NULL
) STRICT

-- name: hold
INSERT INTO unstamped (boot, offset_ms, readings, payload) VALUES (:boot, :offset_ms, :readings, :payload)

-- name: count
SELECT coalesce(sum(readings), 0) FROM unstamped

-- name: oldest
SELECT place, boot, offset_ms, payload FROM unstamped ORDER BY place LIMIT :most

-- name: forget
DELETE FROM unstamped WHERE place <= :place
