-- name: raw_readings
-- One range of the index per point of the device.
SELECT point.name AS point, reading.at, reading.value, reading.label, reading.uncertain
FROM shigotoba.site
JOIN shigotoba.device USING (site_id)
JOIN shigotoba.point USING (device_id)
JOIN shigotoba.reading USING (point_id)
WHERE site.code = %(site)s AND device.code = %(device)s AND reading.at >= %(start)s AND reading.at < %(end)s
ORDER BY reading.at, point.name, reading.seq
