-- name: held
-- The version is the moment of the decision, so that whoever looked before it is noticed. A person who decided is kept by number and
-- shown by name.
SELECT hold_id, site.code AS site, device.code AS device, counter_hold.name AS counter, from_at, to_at, from_value, to_value, rise,
       cause, decision, decided_at, coalesce(person.display_name, decided_by) AS decided_by, reason,
       coalesce((date_part('epoch', decided_at) * 1000)::bigint, 0) AS version
FROM shigotoba.counter_hold
JOIN shigotoba.device USING (device_id)
JOIN shigotoba.site USING (site_id)
LEFT JOIN shigotoba.person ON decided_by = 'person:' || person.person_id
WHERE (%(site)s::text IS NULL OR site.code = %(site)s) AND (%(hold_id)s::bigint IS NULL OR hold_id = %(hold_id)s)
  AND (decision IS NULL OR NOT %(waiting_only)s)
ORDER BY to_at DESC, hold_id DESC

-- name: lock
SELECT FROM shigotoba.counter_hold WHERE hold_id = %(hold_id)s FOR UPDATE

-- name: decide
UPDATE shigotoba.counter_hold
SET decision = %(decision)s, decided_at = greatest(%(now)s, decided_at + interval '1 millisecond'), decided_by = %(by)s, reason = %(reason)s
WHERE hold_id = %(hold_id)s

-- name: touch
INSERT INTO shigotoba.touched (point_id, from_at, to_at)
SELECT point_id, to_at, to_at
FROM shigotoba.counter_hold JOIN shigotoba.point USING (device_id, name)
WHERE hold_id = %(hold_id)s
