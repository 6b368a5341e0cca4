-- What the gateway keeps in the same file as its outbox, so that taking in and keeping are one transaction.

-- name: make_intake
CREATE TABLE IF NOT EXISTS intake (
    agent     TEXT NOT NULL,
    epoch     TEXT NOT NULL,
    first_seq INTEGER NOT NULL,
    end_seq   INTEGER NOT NULL,
    PRIMARY KEY (agent, epoch, first_seq)
) STRICT, WITHOUT ROWID

-- name: make_desired
CREATE TABLE IF NOT EXISTS desired (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    config   BLOB NOT NULL
) STRICT

-- name: spans
SELECT first_seq, end_seq FROM intake WHERE agent = :agent AND epoch = :epoch ORDER BY first_seq

-- name: forget_spans
DELETE FROM intake WHERE agent = :agent AND epoch = :epoch

-- name: keep_span
INSERT INTO intake (agent, epoch, first_seq, end_seq) VALUES (:agent, :epoch, :first_seq, :end_seq)

-- name: desired
SELECT config FROM desired

-- name: keep_desired
INSERT INTO desired (only_row, config) VALUES (1, :config) ON CONFLICT DO UPDATE SET config = excluded.config
