-- Checking an outbox file, and reading what can be read of a damaged one.

-- name: check
PRAGMA quick_check(1)

-- name: has_waiting
SELECT 1 FROM sqlite_schema WHERE name = 'waiting'

-- name: digests
SELECT digest, payload FROM waiting

-- One at a time: who asks for more than one is given none if the page after it is the damaged one.
-- name: next_above
SELECT first_seq FROM waiting WHERE first_seq > :above AND first_seq < :below ORDER BY first_seq LIMIT 1

-- name: next_below
SELECT first_seq FROM waiting WHERE first_seq > :above AND first_seq < :below ORDER BY first_seq DESC LIMIT 1

-- name: batch
SELECT digest, payload FROM waiting WHERE first_seq = :key
