-- The outbox file. One row in identity; waiting holds batches without receipt, set_aside those the receiver refused.
-- Adopted batches have a place below 1 in waiting; adopted says under which epoch and number they were cut.

-- name: make_identity
CREATE TABLE IF NOT EXISTS identity (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    owner    TEXT NOT NULL,
    epoch    TEXT NOT NULL,
    next_seq INTEGER NOT NULL
) STRICT

-- name: make_waiting
CREATE TABLE IF NOT EXISTS waiting (
    first_seq INTEGER PRIMARY KEY,
    readings  INTEGER NOT NULL,
    digest    TEXT NOT NULL,
    payload   BLOB NOT NULL
) STRICT

-- name: make_set_aside
CREATE TABLE IF NOT EXISTS set_aside (
    first_seq INTEGER PRIMARY KEY,
    readings  INTEGER NOT NULL,
    reason    TEXT NOT NULL,
    payload   BLOB NOT NULL
) STRICT

-- name: make_adopted
CREATE TABLE IF NOT EXISTS adopted (
    epoch     TEXT NOT NULL,
    first_seq INTEGER NOT NULL,
    end_seq   INTEGER NOT NULL,
    place     INTEGER NOT NULL,
    PRIMARY KEY (epoch, first_seq)
) STRICT, WITHOUT ROWID

-- name: claim
INSERT INTO identity (only_row, owner, epoch, next_seq) VALUES (1, :owner, :epoch, 1) ON CONFLICT DO NOTHING

-- name: epoch_of
SELECT epoch FROM identity WHERE owner = :owner

-- name: next_seq
SELECT next_seq FROM identity

-- name: advance
UPDATE identity SET next_seq = :next_seq

-- name: keep
INSERT INTO waiting (first_seq, readings, digest, payload) VALUES (:first_seq, :readings, :digest, :payload)

-- name: count_waiting
SELECT coalesce(sum(readings), 0) FROM waiting

-- name: count_set_aside
SELECT coalesce(sum(readings), 0) FROM set_aside

-- name: oldest
SELECT first_seq, payload
FROM waiting
WHERE first_seq > :after_seq AND first_seq < :below_seq
ORDER BY first_seq
LIMIT :most

-- name: payload_of
SELECT payload FROM waiting WHERE first_seq = :first_seq

-- name: forget_span
DELETE FROM waiting
WHERE first_seq >= :first_seq AND first_seq < :end_seq AND first_seq + readings <= :end_seq RETURNING first_seq, readings

-- name: copy_aside
INSERT OR IGNORE INTO set_aside (first_seq, readings, reason, payload)
SELECT first_seq, readings, :reason, payload FROM waiting WHERE digest = :digest

-- name: forget_digest
DELETE FROM waiting WHERE digest = :digest RETURNING first_seq, readings

-- name: next_place
SELECT coalesce(max(place), -4611686018427387000) + 1
FROM (SELECT place FROM adopted UNION ALL SELECT first_seq FROM set_aside WHERE first_seq < 1)

-- name: keep_adopted
INSERT INTO adopted (epoch, first_seq, end_seq, place) VALUES (:epoch, :first_seq, :first_seq + :readings, :place)

-- name: keep_place
INSERT INTO waiting (first_seq, readings, digest, payload) VALUES (:place, :readings, :digest, :payload)

-- name: forget_adopted
DELETE FROM adopted
WHERE epoch = :epoch AND first_seq >= :first_seq AND end_seq <= :end_seq RETURNING place

-- name: forget_place
DELETE FROM waiting WHERE first_seq = :place RETURNING first_seq, readings
