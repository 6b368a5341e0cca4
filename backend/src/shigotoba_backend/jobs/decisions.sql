-- name: waiting
SELECT site.code, gateway, epoch, said
FROM shigotoba.gateway_decision JOIN shigotoba.site USING (site_id)
WHERE outcome = 'waiting'
ORDER BY at, gateway, epoch, number
LIMIT %(most)s

-- name: claim
SELECT number FROM shigotoba.gateway_decision JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND gateway = %(gateway)s AND epoch = %(epoch)s AND number = %(number)s
  AND outcome = 'waiting'
FOR UPDATE OF gateway_decision SKIP LOCKED

-- name: played
UPDATE shigotoba.gateway_decision SET outcome = %(outcome)s, booking_id = %(booking_id)s
FROM shigotoba.site
WHERE site.site_id = gateway_decision.site_id AND site.code = %(site)s AND gateway = %(gateway)s
  AND epoch = %(epoch)s AND number = %(number)s

-- name: booking_named
-- By its own name, or by that of the decision that began it: the epoch, a hyphen, the number.
SELECT booking_id FROM shigotoba.booking
WHERE booking_id::text = %(hold)s AND space_id = %(space_id)s
UNION ALL
SELECT booking_id FROM shigotoba.gateway_decision JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND gateway = %(gateway)s AND epoch || '-' || number = %(hold)s AND booking_id IS NOT NULL
LIMIT 1
