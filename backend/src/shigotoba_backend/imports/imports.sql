-- name: held
SELECT figure_id, period, first, beyond, numerator, denominator, excluded, excluded_reason, estimate, bound, written, note,
       source, corrects, reason, recorded_at, actor_id AS recorded_by, file_name
FROM shigotoba.imported_figure_v1 AS figure
JOIN shigotoba.figure_import USING (import_id)
WHERE figure.series = %(series)s AND figure.scope = %(scope)s
ORDER BY first, beyond

-- name: history
SELECT figure_id, period, first, beyond, numerator, denominator, excluded, excluded_reason, estimate, bound, written, note,
       source, corrects, reason, recorded_at, actor_id AS recorded_by, file_name
FROM shigotoba.imported_figure AS figure
JOIN shigotoba.figure_import USING (import_id)
WHERE figure.series = %(series)s AND figure.scope = %(scope)s AND figure.period = %(period)s
ORDER BY figure_id DESC

-- name: corrected
-- What held once and no longer does.
SELECT figure_id, period, first, beyond, numerator, denominator, excluded, excluded_reason, estimate, bound, written, note,
       source, corrects, reason, recorded_at, actor_id AS recorded_by, file_name
FROM shigotoba.imported_figure AS figure
JOIN shigotoba.figure_import USING (import_id)
WHERE figure.series = %(series)s AND figure.scope = %(scope)s
  AND EXISTS (SELECT FROM shigotoba.imported_figure AS later WHERE later.corrects = figure.figure_id)
ORDER BY figure_id DESC

-- name: lock_series
SELECT pg_advisory_xact_lock(hashtextextended('shigotoba imports ' || %(series)s || ' ' || %(scope)s, 0))

-- name: begin
INSERT INTO shigotoba.figure_import (at, actor_id, actor_kind, series, scope, form, file_name, digest)
VALUES (%(at)s, %(actor_id)s, %(actor_kind)s, %(series)s, %(scope)s, %(form)s, %(file_name)s, %(digest)s)
RETURNING import_id

-- name: keep
INSERT INTO shigotoba.imported_figure (
    import_id, series, scope, period, first, beyond, numerator, denominator, excluded, excluded_reason, estimate, bound,
    written, note, source, corrects, reason, recorded_at
)
VALUES (
    %(import_id)s, %(series)s, %(scope)s, %(period)s, %(first)s, %(beyond)s, %(numerator)s, %(denominator)s, %(excluded)s,
    %(excluded_reason)s, %(estimate)s, %(bound)s, %(written)s, %(note)s, %(source)s, %(corrects)s, %(reason)s,
    %(recorded_at)s
)

-- name: amounts
-- Of a cell that was corrected, revised_at is when.
SELECT scope, first, beyond, numerator::float8, denominator::float8, excluded::float8, excluded_reason,
       estimate OR bound <> 'exact' AS estimate, recorded_at AS as_of,
       CASE WHEN corrects IS NOT NULL THEN recorded_at END AS revised_at
FROM shigotoba.imported_figure_v1
WHERE series = %(series)s AND scope = ANY(%(scopes)s) AND first < %(end)s AND beyond > %(first)s
ORDER BY scope, first, beyond

-- name: series_held
SELECT series, scope, count(*)::int AS figures, min(first) AS first, max(beyond) AS beyond, max(recorded_at) AS recorded_at
FROM shigotoba.imported_figure_v1
GROUP BY series, scope
ORDER BY series, scope

-- name: template
SELECT headings FROM shigotoba.import_template WHERE series = %(series)s AND scope = %(scope)s

-- name: put_template
INSERT INTO shigotoba.import_template (series, scope, headings, changed_at)
VALUES (%(series)s, %(scope)s, %(headings)s, %(changed_at)s)
ON CONFLICT (series, scope) DO UPDATE SET headings = EXCLUDED.headings, changed_at = EXCLUDED.changed_at
