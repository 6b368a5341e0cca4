-- name: quarters_of_floors
-- Taken and free spaces, each quarter's mean, of quarters of which at least half was known.
SELECT (date_part('epoch', bucket) * 1000)::bigint, sum(occupied_s) / 900, sum(occupied_s + vacant_s) / 900
FROM shigotoba.told_open_quarters_v1(
    %(floors)s, %(kinds)s, %(start)s, %(end)s, %(withheld_spaces)s, %(withheld_from)s, %(withheld_until)s
)
WHERE %(zone)s::int IS NULL OR zone_id = %(zone)s
GROUP BY bucket
HAVING sum(occupied_s + vacant_s) >= 450 * %(count)s

-- name: quarters_of_spaces
SELECT (date_part('epoch', bucket) * 1000)::bigint, sum(open_occupied_s) / 900,
       sum(open_occupied_s + open_vacant_s) / 900
FROM shigotoba.told_quarters_v1(
    %(spaces)s, %(start)s, %(end)s, %(withheld_spaces)s, %(withheld_from)s, %(withheld_until)s
)
WHERE open_occupied_s + open_vacant_s > 0
GROUP BY bucket
HAVING sum(open_occupied_s + open_vacant_s) >= 450 * %(count)s
