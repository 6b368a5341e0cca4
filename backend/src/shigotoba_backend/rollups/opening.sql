-- name: open_spans
-- One question per site, and one more for each space that has closures of its own.
WITH asked AS (
    SELECT space_id, site_id,
           (timestamptz 'epoch' + min(start_ms) * interval '1 millisecond') AT TIME ZONE time_zone AS first_at,
           (timestamptz 'epoch' + max(end_ms) * interval '1 millisecond') AT TIME ZONE time_zone AS end_at
    FROM json_to_recordset(%(ranges)s) AS asked (space_id int, start_ms bigint, end_ms bigint)
    JOIN shigotoba.space USING (space_id)
    JOIN shigotoba.site USING (site_id)
    GROUP BY space_id, site_id, time_zone
), placed AS (
    SELECT asked.space_id, asked.site_id, first_at::date AS first_day, end_at::date + 1 AS beyond_day,
           (SELECT min(closure.space_id) FROM shigotoba.closure WHERE closure.space_id = asked.space_id) AS own
    FROM asked
), spans AS (
    SELECT question.site_id, question.own, unnest(answer.open) AS span
    FROM (
        SELECT site_id, own, min(first_day) AS first_day, max(beyond_day) AS beyond_day FROM placed GROUP BY site_id, own
    ) AS question
    CROSS JOIN LATERAL shigotoba.open_spans_v1(site_id, own, first_day, beyond_day) AS answer
)
SELECT placed.space_id,
       (date_part('epoch', lower(span)) * 1000)::bigint,
       (date_part('epoch', upper(span)) * 1000)::bigint
FROM placed JOIN spans ON spans.site_id = placed.site_id AND spans.own IS NOT DISTINCT FROM placed.own

-- name: next_touched
SELECT min(touched_id) FROM shigotoba.touched_calendar HAVING min(touched_id) IS NOT NULL

-- name: touched_days
-- Whole days of the site, as far as there are rollups.
SELECT held.space_id,
       (date_part('epoch', greatest(
           held.first, coalesce(lower(days)::timestamp AT TIME ZONE time_zone, held.first))) * 1000)::bigint,
       (date_part('epoch', least(
           held.beyond, coalesce(upper(days)::timestamp AT TIME ZONE time_zone, held.beyond))) * 1000)::bigint
FROM shigotoba.touched_calendar AS touched
JOIN shigotoba.site USING (site_id)
JOIN shigotoba.space ON space.site_id = touched.site_id AND space.space_id = coalesce(touched.space_id, space.space_id)
CROSS JOIN LATERAL (
    SELECT space.space_id, min(bucket) AS first, max(bucket) + interval '15 minutes' AS beyond
    FROM shigotoba.use_15min
    WHERE use_15min.space_id = space.space_id
) AS held
WHERE touched.touched_id = %(touched_id)s
  AND tstzrange(lower(days)::timestamp AT TIME ZONE time_zone, upper(days)::timestamp AT TIME ZONE time_zone)
      && tstzrange(held.first, held.beyond)

-- name: forget_touched
DELETE FROM shigotoba.touched_calendar WHERE touched_id = %(touched_id)s
