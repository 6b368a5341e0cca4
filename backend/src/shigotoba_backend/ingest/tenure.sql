-- name: hold
-- No row comes back when somebody else holds it. The same epoch is the same spool: a process started anew, unless it is
-- the one that was followed. A certificate that was revoked gives way to one that was not: somebody claimed anew.
INSERT INTO shigotoba.gateway_tenure AS held (site_id, gateway, instance, epoch, certificate, every_s, since, heard_at)
VALUES (
    %(site_id)s, %(gateway)s, %(instance)s, %(epoch)s, %(certificate)s, %(every_s)s, %(now)s, %(now)s
)
ON CONFLICT (site_id, gateway) DO UPDATE
SET instance = EXCLUDED.instance,
    before = CASE WHEN held.instance = EXCLUDED.instance THEN held.before ELSE held.instance END,
    epoch = EXCLUDED.epoch,
    certificate = EXCLUDED.certificate,
    every_s = EXCLUDED.every_s,
    since = CASE WHEN held.instance = EXCLUDED.instance THEN held.since ELSE EXCLUDED.since END,
    heard_at = EXCLUDED.heard_at
WHERE held.instance = EXCLUDED.instance
   OR (held.epoch = EXCLUDED.epoch AND held.before <> EXCLUDED.instance)
   OR held.heard_at < EXCLUDED.heard_at - make_interval(secs => greatest(%(patience_s)s, 3 * held.every_s))
   OR (EXISTS (SELECT FROM shigotoba.gateway_certificate WHERE serial = held.certificate AND revoked_at IS NOT NULL)
       AND EXISTS (SELECT FROM shigotoba.gateway_certificate WHERE serial = EXCLUDED.certificate AND revoked_at IS NULL))
RETURNING since, (
    SELECT instance FROM shigotoba.gateway_twin AS twin
    WHERE (twin.site_id, twin.gateway) = (held.site_id, held.gateway) AND twin.instance <> held.instance
      AND twin.heard_at > held.heard_at - interval '10 minutes'
    ORDER BY twin.heard_at DESC LIMIT 1
)

-- name: forget_twin
DELETE FROM shigotoba.gateway_twin
WHERE (site_id, gateway) = (%(site_id)s, %(gateway)s)
  AND (instance = %(instance)s OR heard_at < %(now)s - interval '1 day')

-- name: note_twin
INSERT INTO shigotoba.gateway_twin AS held (site_id, gateway, instance, epoch, first_at, heard_at)
VALUES (%(site_id)s, %(gateway)s, %(instance)s, %(epoch)s, %(now)s, %(now)s)
ON CONFLICT (site_id, gateway, instance) DO UPDATE SET epoch = EXCLUDED.epoch, heard_at = EXCLUDED.heard_at
RETURNING (SELECT since FROM shigotoba.gateway_tenure AS other
           WHERE (other.site_id, other.gateway) = (held.site_id, held.gateway))

-- name: epochs_turned_away
SELECT DISTINCT twin.site_id, twin.gateway, twin.epoch
FROM shigotoba.gateway_twin AS twin
JOIN shigotoba.gateway_tenure AS held USING (site_id, gateway)
WHERE twin.epoch <> held.epoch
  AND twin.heard_at >= %(now)s - make_interval(secs => greatest(%(patience_s)s, 3 * held.every_s))
