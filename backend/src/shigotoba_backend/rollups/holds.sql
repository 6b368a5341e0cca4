-- name: speeds
SELECT DISTINCT device_id, impressions_per_min
FROM json_to_recordset(%(stretches)s) AS stretch (device_id int)
JOIN shigotoba.device USING (device_id)

-- name: released
SELECT held.device_id, held.name,
       (date_part('epoch', from_at) * 1000)::bigint, (date_part('epoch', to_at) * 1000)::bigint, from_value, to_value
FROM shigotoba.counter_hold AS held
JOIN json_to_recordset(%(stretches)s) AS stretch (device_id int, start_ms bigint, end_ms bigint)
  ON stretch.device_id = held.device_id
 AND to_at >= timestamptz 'epoch' + start_ms * interval '1 millisecond'
 AND to_at < timestamptz 'epoch' + end_ms * interval '1 millisecond'
WHERE decision = 'release'

-- name: forget
-- Undecided rises of the computed stretches that are no more.
DELETE FROM shigotoba.counter_hold AS held
USING json_to_recordset(%(stretches)s) AS stretch (device_id int, start_ms bigint, end_ms bigint)
WHERE held.device_id = stretch.device_id AND decision IS NULL
  AND to_at >= timestamptz 'epoch' + start_ms * interval '1 millisecond'
  AND to_at < timestamptz 'epoch' + end_ms * interval '1 millisecond'
  AND NOT EXISTS (
    SELECT FROM json_to_recordset(%(found)s)
        AS found (device_id int, name text, from_ms bigint, at_ms bigint, old bigint, value bigint)
    WHERE (found.device_id, found.name, found.old, found.value)
          = (held.device_id, held.name, held.from_value, held.to_value)
      AND timestamptz 'epoch' + from_ms * interval '1 millisecond' = held.from_at
      AND timestamptz 'epoch' + at_ms * interval '1 millisecond' = held.to_at
)

-- name: put
INSERT INTO shigotoba.counter_hold (device_id, name, from_at, to_at, from_value, to_value, rise, cause)
SELECT device_id, name, timestamptz 'epoch' + from_ms * interval '1 millisecond',
       timestamptz 'epoch' + at_ms * interval '1 millisecond', old, value, delta, cause
FROM json_to_recordset(%(found)s) AS found (
    device_id int, name text, from_ms bigint, at_ms bigint, old bigint, value bigint, delta bigint, cause text
)
ON CONFLICT DO NOTHING
