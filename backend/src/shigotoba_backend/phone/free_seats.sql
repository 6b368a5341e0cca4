-- name: zones
SELECT space.code, zone.code
FROM shigotoba.site JOIN shigotoba.space USING (site_id) JOIN shigotoba.zone USING (zone_id)
WHERE site.code = %(site)s

-- name: zone_names
SELECT zone.code, zone.name, zone.name_en
FROM shigotoba.site JOIN shigotoba.zone USING (site_id)
WHERE site.code = %(site)s
ORDER BY zone.code

-- name: usual
-- Of floors with enough seats, and without quarters in which too few of them answered.
SELECT floor.code, sum(occupied_s) / sum(occupied_s + vacant_s)
FROM shigotoba.site
JOIN shigotoba.floor USING (site_id)
CROSS JOIN (SELECT DISTINCT date_trunc('hour', hour) AS at FROM unnest(%(hours)s::timestamptz[]) AS hour) AS same
CROSS JOIN LATERAL shigotoba.told_floor_hours_v1(
    ARRAY[floor.floor_id], '{seat}', same.at, same.at + interval '1 hour',
    %(withheld_spaces)s, %(withheld_from)s, %(withheld_until)s
) AS used
WHERE site.code = %(site)s AND occupied_s + vacant_s > 0 AND NOT floor.code = ANY(%(hidden)s)
GROUP BY floor.code
HAVING count(*) >= %(least)s
