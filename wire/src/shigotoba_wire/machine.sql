-- On which machine an outbox file was last at work, and what to do with one that has come from another.

-- name: make_machine
CREATE TABLE IF NOT EXISTS machine (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    name     TEXT NOT NULL
) STRICT

-- name: machine
SELECT name FROM machine

-- name: sign
INSERT INTO machine (only_row, name) VALUES (1, :name) ON CONFLICT DO UPDATE SET name = excluded.name

-- name: epoch
SELECT epoch FROM identity

-- name: first_place
SELECT coalesce(max(place), -4611686018427387000) + 1
FROM (SELECT place FROM adopted UNION ALL SELECT first_seq FROM set_aside WHERE first_seq < 1)

-- name: adopt_waiting
INSERT INTO adopted (epoch, first_seq, end_seq, place)
SELECT :epoch, first_seq, first_seq + readings, :place + first_seq FROM waiting WHERE first_seq > 0

-- name: move_waiting
UPDATE waiting SET first_seq = :place + first_seq WHERE first_seq > 0

-- name: move_set_aside
UPDATE set_aside SET first_seq = :place + first_seq WHERE first_seq > 0

-- name: begin_anew
UPDATE identity SET epoch = :new_epoch, next_seq = 1
