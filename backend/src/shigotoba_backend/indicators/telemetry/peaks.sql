-- name: quarters_of_floors
-- Taken and free spaces, each quarter's mean, of quarters of which at least half was known.
SELECT (date_part('epoch', bucket) * 1000)::bigint, sum(occupied_s) / 900, sum(occupied_s + vacant_s) / 900
FROM shigotoba.use_open_15min
WHERE floor_id = ANY(%(floors)s) AND (%(zone)s::int IS NULL OR zone_id = %(zone)s) AND kind = ANY(%(kinds)s)
  AND bucket >= %(start)s AND bucket < %(end)s
GROUP BY bucket
HAVING sum(occupied_s + vacant_s) >= 450 * %(count)s

-- name: quarters_of_spaces
SELECT (date_part('epoch', bucket) * 1000)::bigint, sum(open_occupied_s) / 900,
       sum(open_occupied_s + open_vacant_s) / 900
FROM shigotoba.use_15min
WHERE space_id = ANY(%(spaces)s) AND bucket >= %(start)s AND bucket < %(end)s AND open_occupied_s + open_vacant_s > 0
GROUP BY bucket
HAVING sum(open_occupied_s + open_vacant_s) >= 450 * %(count)s
