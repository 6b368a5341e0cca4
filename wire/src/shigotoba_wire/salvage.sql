-- Checking an outbox file, and reading what can be read of a damaged one.

-- name: check
PRAGMA quick_check(1)

-- name: has_waiting
SELECT 1 FROM sqlite_schema WHERE name = 'waiting'

-- name: digests
SELECT digest, payload FROM waiting

-- name: keys
SELECT first_seq FROM waiting WHERE first_seq > :above AND first_seq <= :upto ORDER BY first_seq

-- name: batch
SELECT digest, payload FROM waiting WHERE first_seq = :key
