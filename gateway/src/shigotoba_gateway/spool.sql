-- What the gateway keeps in the same file as its outbox, so that taking in and keeping are one transaction.

-- name: make_intake
CREATE TABLE IF NOT EXISTS intake (
    agent     TEXT NOT NULL,
    epoch     TEXT NOT NULL,
    first_seq INTEGER NOT NULL,
    end_seq   INTEGER NOT NULL,
    PRIMARY KEY (agent, epoch, first_seq)
) STRICT, WITHOUT ROWID

-- name: make_kept
CREATE TABLE IF NOT EXISTS kept (
    name    TEXT PRIMARY KEY,
    payload BLOB NOT NULL
) STRICT, WITHOUT ROWID

-- name: make_booth_event
CREATE TABLE IF NOT EXISTS booth_event (
    epoch     TEXT NOT NULL,
    number    INTEGER NOT NULL,
    at_ms     INTEGER NOT NULL,
    payload   BLOB NOT NULL,
    receipted INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (epoch, number)
) STRICT, WITHOUT ROWID

-- name: make_order
CREATE TABLE IF NOT EXISTS carried_out (
    command TEXT PRIMARY KEY,
    at_ms   INTEGER NOT NULL,
    result  BLOB NOT NULL
) STRICT, WITHOUT ROWID

-- name: touching
SELECT first_seq, end_seq
FROM intake
WHERE agent = :agent AND epoch = :epoch AND first_seq <= :end_seq AND end_seq >= :first_seq
ORDER BY first_seq

-- name: forget_touching
DELETE FROM intake
WHERE agent = :agent AND epoch = :epoch AND first_seq <= :end_seq AND end_seq >= :first_seq

-- name: keep_span
INSERT INTO intake (agent, epoch, first_seq, end_seq) VALUES (:agent, :epoch, :first_seq, :end_seq)

-- name: kept
SELECT payload FROM kept WHERE name = :name

-- name: keep
INSERT INTO kept (name, payload) VALUES (:name, :payload) ON CONFLICT DO UPDATE SET payload = excluded.payload

-- name: pages
SELECT page_count * page_size, freelist_count * page_size
FROM pragma_page_count, pragma_freelist_count, pragma_page_size

-- name: intake_of_a_damaged_file
SELECT agent, epoch, first_seq, end_seq FROM intake

-- name: kept_of_a_damaged_file
SELECT name, payload FROM kept

-- name: carried_out_of_a_damaged_file
SELECT command, at_ms, result FROM carried_out

-- name: booth_event_of_a_damaged_file
SELECT epoch, number, at_ms, payload, receipted FROM booth_event

-- name: carry_booth_event
INSERT OR IGNORE INTO booth_event (epoch, number, at_ms, payload, receipted) VALUES (?, ?, ?, ?, ?)

-- name: carry_intake
INSERT OR IGNORE INTO intake (agent, epoch, first_seq, end_seq) VALUES (?, ?, ?, ?)

-- name: carry_kept
INSERT OR IGNORE INTO kept (name, payload) VALUES (?, ?)

-- name: carry_carried_out
INSERT OR IGNORE INTO carried_out (command, at_ms, result) VALUES (?, ?, ?)
