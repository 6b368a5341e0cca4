-- name: content
SELECT sum(content)::float8, sum(votes)::float8
FROM unnest(%(firsts)s::date[]) WITH ORDINALITY AS stretch (first, number)
LEFT JOIN shigotoba.satisfaction_v1 AS told
  ON told.site_id = ANY(%(sites)s) AND told.question = %(question)s AND told.first = stretch.first
GROUP BY number
ORDER BY number
