-- name: due
SELECT delivery.delivery_id, webhook.url, webhook.secret, event.kind,
       jsonb_build_object(
           'delivery', delivery.delivery_id, 'event', event.kind, 'at', event.at, 'site', site.code,
           'booth', space.code, 'booking', booking.booking_id, 'start', lower(booking.booked),
           'end', upper(booking.booked), 'state', booking.state
       ),
       delivery.tries
FROM shigotoba.webhook_delivery AS delivery
JOIN shigotoba.webhook USING (webhook_id)
JOIN shigotoba.booking_event AS event USING (event_id)
JOIN shigotoba.booking USING (booking_id)
JOIN shigotoba.space USING (space_id)
JOIN shigotoba.site ON site.site_id = space.site_id
WHERE delivery.state = 'waiting' AND delivery.next_at <= %(now)s AND webhook.active
ORDER BY delivery.next_at
LIMIT %(most)s

-- name: tried
UPDATE shigotoba.webhook_delivery
SET state = %(state)s, tries = tries + 1, next_at = %(next_at)s, last_answer = %(answer)s
WHERE delivery_id = %(delivery_id)s

-- name: of_site
SELECT webhook_id, url, kinds, active, made_at FROM shigotoba.webhook JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s
ORDER BY made_at, webhook_id

-- name: make
INSERT INTO shigotoba.webhook (site_id, url, kinds, secret, made_at)
SELECT site_id, %(url)s, %(kinds)s, %(secret)s, %(now)s FROM shigotoba.site WHERE code = %(site)s
RETURNING webhook_id

-- name: stop
UPDATE shigotoba.webhook SET active = false
FROM shigotoba.site
WHERE site.site_id = webhook.site_id AND site.code = %(site)s AND webhook_id = %(webhook_id)s AND active
RETURNING webhook_id

-- name: tries
SELECT delivery_id, event_id, delivery.state, tries, next_at, last_answer
FROM shigotoba.webhook_delivery AS delivery
JOIN shigotoba.webhook USING (webhook_id)
JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND webhook_id = %(webhook_id)s
ORDER BY delivery_id DESC
LIMIT 100
