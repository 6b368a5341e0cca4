-- name: put
INSERT INTO shigotoba.quarantine AS held (topic, gateway, reason, detail, payload, digest)
VALUES (%(topic)s, %(gateway)s, %(reason)s, %(detail)s, %(payload)s, %(digest)s)
ON CONFLICT (digest, reason) DO UPDATE SET repeats = held.repeats + 1

-- name: newest
SELECT quarantine_id, received_at, topic, gateway, reason, detail, length(payload), repeats
FROM shigotoba.quarantine
ORDER BY quarantine_id DESC
LIMIT %(most)s
