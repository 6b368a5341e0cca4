-- name: close
INSERT INTO shigotoba.closure (site_id, space_id, during, reason)
VALUES (%(site_id)s, %(space_id)s, tstzrange(%(start)s, %(end)s), %(reason)s)
RETURNING closure_id

-- name: site_of
SELECT site.code FROM shigotoba.closure JOIN shigotoba.site USING (site_id) WHERE closure_id = %(closure_id)s

-- name: reopen
UPDATE shigotoba.closure SET during = tstzrange(lower(during), %(now)s)
WHERE closure_id = %(closure_id)s AND lower(during) < %(now)s AND (upper_inf(during) OR upper(during) > %(now)s)

-- name: forget_future
DELETE FROM shigotoba.closure WHERE closure_id = %(closure_id)s AND lower(during) >= %(now)s
