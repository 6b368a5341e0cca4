-- name: booths
SELECT space.space_id, space.site_id, site.code, site.time_zone, space.code, space.name, floor.code, zone.code,
       space.capacity, shigotoba.booth_rules_v1(space.space_id, (%(at)s::timestamptz AT TIME ZONE site.time_zone)::date)
FROM shigotoba.site
JOIN shigotoba.space USING (site_id)
JOIN shigotoba.floor USING (floor_id)
LEFT JOIN shigotoba.zone ON zone.zone_id = space.zone_id
WHERE space.kind = 'booth'
  AND (%(space_id)s::int IS NULL OR space.space_id = %(space_id)s)
  AND (%(site)s::text IS NULL OR site.code = %(site)s)
  AND (%(booth)s::text IS NULL OR space.code = %(booth)s)
ORDER BY floor.level, floor.code, space.code
