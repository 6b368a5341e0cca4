-- name: put
INSERT INTO shigotoba.target (indicator, scope, fiscal_year, value, reason, set_by, set_at)
VALUES (%(indicator)s, %(scope)s, %(fiscal_year)s, %(value)s, %(reason)s, %(set_by)s, %(set_at)s)

-- name: targets
SELECT DISTINCT ON (indicator, scope, fiscal_year) indicator, scope, fiscal_year, value, reason, set_by, set_at
FROM shigotoba.target
WHERE (indicator, scope) IN (SELECT * FROM unnest(%(indicators)s::text[], %(scopes)s::text[]))
ORDER BY indicator, scope, fiscal_year, set_at DESC
