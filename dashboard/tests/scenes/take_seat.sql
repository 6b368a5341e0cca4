-- Somebody sits down at %(space)s.
UPDATE shigotoba.latest SET value = 1, at = %(at)s, changed_at = %(at)s
FROM shigotoba.point, shigotoba.assignment, shigotoba.space
WHERE latest.point_id = point.point_id AND point.name = 'occupancy' AND point.device_id = assignment.device_id
  AND assignment.space_id = space.space_id AND space.code = %(space)s;
