-- name: plain_quarters
-- Occupancy by space and quarter of an hour straight from the readings: what a page without rollups would stand on.
CREATE FUNCTION pg_temp.plain_quarters(since timestamptz, until timestamptz)
RETURNS TABLE (space_id int, bucket timestamptz, occupied_s float8, known_s float8) LANGUAGE sql STABLE AS $$
    WITH span AS (
        SELECT space_id, value <> 0 AS occupied, reading.at AS start_at,
               lead(reading.at) OVER (PARTITION BY point_id ORDER BY reading.at, seq) AS end_at,
               make_interval(secs => 2.5 * keep_alive_s) AS reach
        FROM shigotoba.reading
        JOIN shigotoba.point USING (point_id)
        JOIN shigotoba.device USING (device_id)
        JOIN shigotoba.assignment USING (device_id)
        WHERE reading.at >= since AND reading.at <= until
    ), piece AS (
        SELECT space_id, occupied, quarter AS bucket,
               date_part('epoch', least(end_at, quarter + interval '15 minutes') - greatest(start_at, quarter)) AS length_s
        FROM span
        CROSS JOIN LATERAL generate_series(
            date_bin('15 minutes', start_at, 'epoch'), end_at - interval '1 microsecond', interval '15 minutes') AS quarter
        WHERE end_at - start_at <= reach
    )
    SELECT space_id, bucket, coalesce(sum(length_s) FILTER (WHERE occupied), 0), sum(length_s)
    FROM piece
    GROUP BY space_id, bucket
$$

-- name: by_quarter
SELECT bucket, sum(occupied_s), sum(known_s)
FROM pg_temp.plain_quarters(%(start)s, %(end)s) GROUP BY bucket ORDER BY bucket

-- name: by_hour
SELECT date_trunc('hour', bucket) AS hour, sum(occupied_s), sum(known_s)
FROM pg_temp.plain_quarters(%(start)s, %(end)s) GROUP BY hour ORDER BY hour

-- name: by_space
SELECT space.code, space.name, sum(occupied_s), sum(known_s)
FROM pg_temp.plain_quarters(%(start)s, %(end)s) JOIN shigotoba.space USING (space_id)
GROUP BY space.code, space.name ORDER BY space.code
