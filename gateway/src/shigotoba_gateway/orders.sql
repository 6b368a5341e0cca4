-- Commands that have been begun or carried out, in the spool's file.

-- name: result
SELECT result FROM carried_out WHERE command = :command

-- name: keep
INSERT INTO carried_out (command, at_ms, result) VALUES (:command, :at_ms, :result)
ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms, result = excluded.result

-- name: latest
SELECT result FROM carried_out ORDER BY at_ms DESC LIMIT :most

-- name: under_way
SELECT result FROM carried_out

-- name: forget
DELETE FROM carried_out WHERE at_ms < :before_ms
