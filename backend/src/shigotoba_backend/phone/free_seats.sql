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
SELECT floor.code, sum(occupied_s) / sum(occupied_s + vacant_s)
FROM shigotoba.site
JOIN shigotoba.floor USING (site_id)
JOIN shigotoba.use_floor_hour USING (floor_id)
WHERE site.code = %(site)s AND use_floor_hour.kind = 'seat' AND occupied_s + vacant_s > 0
  AND bucket IN (SELECT date_trunc('hour', hour) FROM unnest(%(hours)s::timestamptz[]) AS hour)
GROUP BY floor.code
HAVING count(*) >= %(least)s
