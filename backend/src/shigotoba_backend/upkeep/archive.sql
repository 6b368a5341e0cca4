-- name: site
SELECT FROM shigotoba.site WHERE code = %(site)s

-- name: readings
SELECT device.code AS device, point.name AS point, reading.at, reading.seq, reading.value, reading.label,
       reading.uncertain
FROM shigotoba.site
JOIN shigotoba.device USING (site_id)
JOIN shigotoba.point USING (device_id)
JOIN shigotoba.reading USING (point_id)
WHERE site.code = $1 AND reading.at >= $2 AND reading.at < $3
ORDER BY device.code, point.name, reading.at, reading.seq

-- name: make_staged
CREATE TEMPORARY TABLE staged (
    device     text NOT NULL,
    point      text NOT NULL,
    at         timestamptz NOT NULL,
    seq        bigint NOT NULL,
    value      float8,
    label      text,
    uncertain  boolean NOT NULL
)

-- name: copy_staged
COPY staged FROM STDIN

-- name: drop_staged
DROP TABLE staged

-- name: strangers
SELECT DISTINCT staged.device
FROM staged
WHERE NOT EXISTS (
    SELECT FROM shigotoba.site JOIN shigotoba.device USING (site_id)
    WHERE site.code = %(site)s AND device.code = staged.device
)
ORDER BY staged.device

-- name: make_points
INSERT INTO shigotoba.point (device_id, name)
SELECT DISTINCT device.device_id, staged.point
FROM staged
JOIN shigotoba.site ON site.code = %(site)s
JOIN shigotoba.device ON device.site_id = site.site_id AND device.code = staged.device
ON CONFLICT DO NOTHING

-- name: make_months
SELECT shigotoba.ensure_reading_month_v1(%(first)s), shigotoba.ensure_reading_month_v1(%(last)s)

-- name: add_missing
-- EXCEPT ALL: of readings that are equal in every column as many are added as are missing.
INSERT INTO shigotoba.reading (point_id, at, seq, value, label, uncertain)
SELECT point.point_id, staged.at, staged.seq, staged.value, staged.label, staged.uncertain
FROM staged
JOIN shigotoba.site ON site.code = %(site)s
JOIN shigotoba.device ON device.site_id = site.site_id AND device.code = staged.device
JOIN shigotoba.point ON point.device_id = device.device_id AND point.name = staged.point
EXCEPT ALL
SELECT point_id, at, seq, value, label, uncertain
FROM shigotoba.reading
WHERE at >= %(first)s AND at <= %(last)s
