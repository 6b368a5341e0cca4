-- name: of_floors
SELECT sum(open_occupied_s) AS open_occupied_s, sum(open_occupied_s + open_vacant_s) AS open_known_s,
       sum(occupied_s) AS occupied_s, sum(sessions)::float8 AS stays,
       (sum(sessions) FILTER (WHERE open_occupied_s + open_vacant_s > 0))::float8 AS open_stays,
       (sum(spaces) FILTER (WHERE open_occupied_s + open_vacant_s > 0))::float8 AS open_space_days,
       max(revised_at) AS revised_at, max(day) AS last_day
FROM unnest(%(firsts)s::date[], %(beyonds)s::date[]) WITH ORDINALITY AS stretch (first, beyond, number)
LEFT JOIN LATERAL shigotoba.told_floor_days_v1(
    %(floors)s, %(kinds)s, first, beyond, %(withheld_spaces)s, %(withheld_from)s, %(withheld_until)s
) AS used ON true
GROUP BY number
ORDER BY number

-- name: of_spaces
SELECT sum(open_occupied_s) AS open_occupied_s, sum(open_occupied_s + open_vacant_s) AS open_known_s,
       sum(occupied_s) AS occupied_s, sum(sessions)::float8 AS stays,
       (sum(sessions) FILTER (WHERE open_occupied_s + open_vacant_s > 0))::float8 AS open_stays,
       (count(space_id) FILTER (WHERE open_occupied_s + open_vacant_s > 0))::float8 AS open_space_days,
       max(revised_at) AS revised_at, max(day) AS last_day
FROM unnest(%(firsts)s::date[], %(beyonds)s::date[]) WITH ORDINALITY AS stretch (first, beyond, number)
LEFT JOIN LATERAL shigotoba.told_days_v1(
    %(spaces)s, first, beyond, %(withheld_spaces)s, %(withheld_from)s, %(withheld_until)s
) AS used ON occupied_s + vacant_s > 0
GROUP BY number
ORDER BY number

-- name: active_days
SELECT (count(space_id) FILTER (WHERE open_occupied_s >= %(least_s)s))::float8, count(space_id)::float8
FROM unnest(%(firsts)s::date[], %(beyonds)s::date[]) WITH ORDINALITY AS stretch (first, beyond, number)
LEFT JOIN LATERAL shigotoba.told_days_v1(
    %(spaces)s, first, beyond, %(withheld_spaces)s, %(withheld_from)s, %(withheld_until)s
) AS used ON open_occupied_s + open_vacant_s > 0
GROUP BY number
ORDER BY number
