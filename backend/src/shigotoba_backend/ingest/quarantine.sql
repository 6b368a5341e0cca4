-- name: put
INSERT INTO shigotoba.quarantine AS held (topic, gateway, reason, detail, payload, digest, device, epoch, seq)
VALUES (
    %(topic)s, %(gateway)s, %(reason)s, %(detail)s, %(payload)s, %(digest)s, %(device)s, %(epoch)s, %(seq)s
)
ON CONFLICT (digest, reason) DO UPDATE SET repeats = held.repeats + 1

-- name: known
SELECT digest, reason
FROM shigotoba.quarantine
JOIN unnest(%(digests)s::text[], %(reasons)s::text[]) AS asked (digest, reason) USING (digest, reason)

-- name: held
-- Counts no further than the limits, so that a full quarantine costs no more than these.
SELECT asked.gateway, asked.reason, asked.device,
       (SELECT count(*) FROM (
            SELECT FROM shigotoba.quarantine AS held
            WHERE held.gateway = asked.gateway AND held.reason = asked.reason AND held.device = asked.device
            LIMIT %(per_device)s
        ) AS of_device),
       of_gateway.count, of_gateway.bytes
FROM unnest(%(gateways)s::text[], %(reasons)s::text[], %(devices)s::text[]) AS asked (gateway, reason, device)
CROSS JOIN LATERAL (
    SELECT count(*) AS count, coalesce(sum(size_bytes), 0)::bigint AS bytes
    FROM (
        SELECT length(held.payload) AS size_bytes
        FROM shigotoba.quarantine AS held
        WHERE held.gateway = asked.gateway AND held.reason = asked.reason
        LIMIT %(per_gateway)s
    ) AS of_both
) AS of_gateway

-- name: count_not_kept
INSERT INTO shigotoba.quarantine_tally AS held (gateway, reason, not_kept)
VALUES (%(gateway)s, %(reason)s, %(count)s)
ON CONFLICT (gateway, reason) DO UPDATE SET not_kept = held.not_kept + EXCLUDED.not_kept, updated_at = now()

-- name: newest
SELECT quarantine_id, received_at, topic, gateway, reason, detail, length(payload), repeats, device
FROM shigotoba.quarantine
WHERE (%(ids)s::bigint[] IS NULL OR quarantine_id = ANY(%(ids)s))
  AND (%(reason)s::text IS NULL OR reason = %(reason)s)
  AND (%(gateway)s::text IS NULL OR gateway = %(gateway)s)
  AND (%(device)s::text IS NULL OR device = %(device)s)
  AND (%(before)s::timestamptz IS NULL OR received_at < %(before)s)
ORDER BY quarantine_id DESC
LIMIT %(most)s

-- name: payload
SELECT payload FROM shigotoba.quarantine WHERE quarantine_id = %(quarantine_id)s

-- name: discard
WITH gone AS (
    DELETE FROM shigotoba.quarantine
    WHERE (%(ids)s::bigint[] IS NULL OR quarantine_id = ANY(%(ids)s))
      AND (%(reason)s::text IS NULL OR reason = %(reason)s)
      AND (%(gateway)s::text IS NULL OR gateway = %(gateway)s)
      AND (%(device)s::text IS NULL OR device = %(device)s)
      AND (%(before)s::timestamptz IS NULL OR received_at < %(before)s)
    RETURNING gateway, reason
), tallied AS (
    INSERT INTO shigotoba.quarantine_tally AS held (gateway, reason, discarded)
    SELECT gateway, reason, count(*) FROM gone GROUP BY gateway, reason ORDER BY gateway, reason
    ON CONFLICT (gateway, reason) DO UPDATE
    SET discarded = held.discarded + EXCLUDED.discarded, updated_at = now()
)
SELECT count(*) FROM gone

-- name: tallies
SELECT gateway, reason, not_kept, replayed, discarded FROM shigotoba.quarantine_tally ORDER BY gateway, reason

-- name: take_turn
-- One replay at a time; an arbitrary number, the same in every version.
SELECT pg_advisory_xact_lock(495874962532)

-- name: last_id
SELECT coalesce(max(quarantine_id), 0) FROM shigotoba.quarantine

-- name: page
SELECT quarantine_id, topic, payload, digest, epoch, seq
FROM shigotoba.quarantine
WHERE quarantine_id > %(after)s AND quarantine_id <= %(last)s
  AND (%(ids)s::bigint[] IS NULL OR quarantine_id = ANY(%(ids)s))
  AND (%(reason)s::text IS NULL OR reason = %(reason)s)
  AND (%(gateway)s::text IS NULL OR gateway = %(gateway)s)
  AND (%(device)s::text IS NULL OR device = %(device)s)
  AND (%(before)s::timestamptz IS NULL OR received_at < %(before)s)
ORDER BY quarantine_id
LIMIT %(most)s

-- name: settle
WITH gone AS (
    DELETE FROM shigotoba.quarantine WHERE quarantine_id = ANY(%(settled)s) RETURNING gateway, reason
)
INSERT INTO shigotoba.quarantine_tally AS held (gateway, reason, replayed)
SELECT gateway, reason, count(*) FROM gone GROUP BY gateway, reason ORDER BY gateway, reason
ON CONFLICT (gateway, reason) DO UPDATE
SET replayed = held.replayed + EXCLUDED.replayed, updated_at = now()
