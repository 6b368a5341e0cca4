-- name: readings
SELECT reading.point_id, (date_part('epoch', at) * 1000)::bigint AS at_ms, seq, value
FROM json_to_recordset($1::json) AS asked (point_id int, start_ms bigint, end_ms bigint)
JOIN shigotoba.reading
  ON reading.point_id = asked.point_id
 AND at >= timestamptz 'epoch' + start_ms * interval '1 millisecond'
 AND at < timestamptz 'epoch' + end_ms * interval '1 millisecond'
WHERE value IS NOT NULL
