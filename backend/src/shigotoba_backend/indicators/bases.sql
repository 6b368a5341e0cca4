-- name: bases
SELECT base_year_id, indicator, scope, fiscal_year, restates, reason, published_at, published_by,
       EXISTS (SELECT FROM shigotoba.base_year AS later
               WHERE later.restates = base_year.base_year_id AND later.published_at IS NOT NULL) AS superseded
FROM shigotoba.base_year
WHERE (indicator, scope) IN (SELECT * FROM unnest(%(indicators)s::text[], %(scopes)s::text[]))
ORDER BY fiscal_year, base_year_id

-- name: of_number
SELECT indicator, scope FROM shigotoba.base_year WHERE base_year_id = %(base_year_id)s

-- name: amounts
SELECT base_year_id, first, months::int, numerator, denominator, estimate, exclusions
FROM shigotoba.base_amount
WHERE base_year_id = ANY(%(base_year_ids)s)
ORDER BY base_year_id, first, months

-- name: draft
INSERT INTO shigotoba.base_year AS held (indicator, scope, fiscal_year)
VALUES (%(indicator)s, %(scope)s, %(fiscal_year)s)
ON CONFLICT (indicator, scope, fiscal_year) WHERE restates IS NULL DO UPDATE
SET drafted_at = now()
WHERE held.published_at IS NULL
RETURNING base_year_id

-- name: restate
INSERT INTO shigotoba.base_year AS held (indicator, scope, fiscal_year, restates, reason)
SELECT indicator, scope, fiscal_year, base_year_id, %(reason)s
FROM shigotoba.base_year
WHERE base_year_id = %(base_year_id)s AND published_at IS NOT NULL
ON CONFLICT (restates) DO UPDATE
SET drafted_at = now(), reason = EXCLUDED.reason
WHERE held.published_at IS NULL
RETURNING base_year_id

-- name: forget_amounts
DELETE FROM shigotoba.base_amount WHERE base_year_id = %(base_year_id)s

-- name: put_amount
INSERT INTO shigotoba.base_amount (base_year_id, first, months, numerator, denominator, estimate, exclusions)
VALUES (%s, %s, %s, %s, %s, %s, %s)

-- name: publish
UPDATE shigotoba.base_year
SET published_at = %(now)s, published_by = %(by)s
WHERE base_year_id = %(base_year_id)s AND published_at IS NULL
  AND EXISTS (SELECT FROM shigotoba.base_amount WHERE base_amount.base_year_id = base_year.base_year_id)
