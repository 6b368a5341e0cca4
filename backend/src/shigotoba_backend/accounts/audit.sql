-- name: record
INSERT INTO shigotoba.audit_log (actor_id, actor_kind, action, object, site_id, before, after, reason, request_id)
VALUES (%(actor_id)s, %(actor_kind)s, %(action)s, %(object)s,
        (SELECT site_id FROM shigotoba.site WHERE code = %(site)s),
        %(before)s, %(after)s, %(reason)s, %(request_id)s)

-- name: entries
SELECT audit_id, at, actor_id, actor_kind, action, object, site.code AS site, before, after, reason, request_id
FROM shigotoba.audit_log
LEFT JOIN shigotoba.site USING (site_id)
WHERE (site.code = ANY (%(sites)s) OR (site_id IS NULL AND %(whole)s))
  AND (%(before_id)s::bigint IS NULL OR audit_id < %(before_id)s)
  AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
  AND (%(topic)s::text IS NULL OR split_part(action, '.', 1) = %(topic)s)
  AND (%(actor_id)s::int IS NULL OR actor_id = %(actor_id)s)
  AND (%(object)s::text IS NULL OR object = %(object)s)
ORDER BY audit_id DESC
LIMIT %(most)s

-- name: about
SELECT audit_id, at, actor_id, actor_kind, action, object, site.code AS site, before, after, reason, request_id
FROM shigotoba.audit_log
LEFT JOIN shigotoba.site USING (site_id)
WHERE object = %(object)s
ORDER BY audit_id DESC
LIMIT %(most)s

-- name: topics
SELECT DISTINCT split_part(action, '.', 1)
FROM shigotoba.audit_log
LEFT JOIN shigotoba.site USING (site_id)
WHERE (site.code = ANY (%(sites)s) OR (site_id IS NULL AND %(whole)s))
  AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
ORDER BY 1
