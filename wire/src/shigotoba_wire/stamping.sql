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

-- name: set_aside
INSERT INTO set_aside (first_seq, readings, reason, payload)
SELECT (SELECT coalesce(max(place), -4611686018427387000) + 1
        FROM (SELECT place FROM adopted UNION ALL SELECT first_seq FROM set_aside WHERE first_seq < 1)),
       readings, :reason, CAST(payload AS BLOB)
FROM unstamped
WHERE place = :place

-- name: is_there
SELECT 1 FROM sqlite_schema WHERE name = 'unstamped'

-- name: next_above
SELECT place FROM unstamped WHERE place > :above AND place < :below ORDER BY place LIMIT 1

-- name: next_below
SELECT place FROM unstamped WHERE place > :above AND place < :below ORDER BY place DESC LIMIT 1

-- name: of_a_damaged_file
SELECT boot, offset_ms, payload FROM unstamped WHERE place = :place
