-- name: subscribe
INSERT INTO shigotoba.push_subscription (endpoint, person_id, p256dh, auth, made_at)
VALUES (%(endpoint)s, %(person_id)s, %(p256dh)s, %(auth)s, %(now)s)
ON CONFLICT (endpoint) DO UPDATE
SET person_id = excluded.person_id, p256dh = excluded.p256dh, auth = excluded.auth, made_at = excluded.made_at

-- name: of
SELECT endpoint, p256dh, auth, person.language, coalesce(site.time_zone, 'Asia/Tokyo')
FROM shigotoba.push_subscription
JOIN shigotoba.person USING (person_id)
LEFT JOIN shigotoba.site ON site.site_id = person.home_site_id
WHERE person_id = %(person_id)s AND person.active

-- name: forget
DELETE FROM shigotoba.push_subscription WHERE endpoint = %(endpoint)s
