-- name: take
WITH taken AS (
    DELETE FROM shigotoba.booking_todo
    WHERE event_id IN (
        SELECT event_id FROM shigotoba.booking_todo ORDER BY event_id LIMIT %(most)s FOR UPDATE SKIP LOCKED
    )
    RETURNING event_id
)
SELECT event_id, booking_id, kind, at FROM taken JOIN shigotoba.booking_event USING (event_id) ORDER BY event_id

-- name: queue_webhooks
INSERT INTO shigotoba.webhook_delivery (webhook_id, event_id, next_at)
SELECT webhook_id, event_id, %(now)s
FROM shigotoba.booking_event AS event
JOIN shigotoba.booking USING (booking_id)
JOIN shigotoba.space USING (space_id)
JOIN shigotoba.webhook USING (site_id)
WHERE event.event_id = %(event_id)s AND webhook.active AND webhook.made_at <= event.at
  AND (webhook.kinds = '{}' OR event.kind = ANY(webhook.kinds))
ON CONFLICT (webhook_id, event_id) DO NOTHING
