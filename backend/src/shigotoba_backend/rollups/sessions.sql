-- name: counted
-- The spaces whose use is told in sessions.
SELECT DISTINCT space_id
FROM json_to_recordset(%(ranges)s) AS asked (space_id int)
JOIN shigotoba.space USING (space_id)
WHERE kind IN ('booth', 'room', 'studio')

-- name: overlapping
SELECT held.space_id,
       (date_part('epoch', lower(during)) * 1000)::bigint,
       (date_part('epoch', upper(during)) * 1000)::bigint
FROM shigotoba.booth_session AS held
JOIN json_to_recordset(%(stretches)s) AS stretch (space_id int, start_ms bigint, end_ms bigint)
  ON int4range(held.space_id, held.space_id, '[]') && int4range(stretch.space_id, stretch.space_id, '[]')
 AND during && tstzrange(timestamptz 'epoch' + start_ms * interval '1 millisecond',
                         timestamptz 'epoch' + end_ms * interval '1 millisecond', '[]')

-- name: forget
-- Those that are not found again as they are.
DELETE FROM shigotoba.booth_session AS held
USING json_to_recordset(%(stretches)s) AS stretch (space_id int, start_ms bigint, end_ms bigint)
WHERE int4range(held.space_id, held.space_id, '[]') && int4range(stretch.space_id, stretch.space_id, '[]')
  AND during && tstzrange(timestamptz 'epoch' + stretch.start_ms * interval '1 millisecond',
                          timestamptz 'epoch' + stretch.end_ms * interval '1 millisecond', '[]')
  AND NOT EXISTS (
    SELECT FROM json_to_recordset(%(computed)s) AS computed (space_id int, start_ms bigint, end_ms bigint)
    WHERE computed.space_id = held.space_id
      AND tstzrange(timestamptz 'epoch' + computed.start_ms * interval '1 millisecond',
                    timestamptz 'epoch' + computed.end_ms * interval '1 millisecond') = held.during
)

-- name: put
INSERT INTO shigotoba.booth_session (space_id, during)
SELECT space_id, tstzrange(timestamptz 'epoch' + start_ms * interval '1 millisecond',
                           timestamptz 'epoch' + end_ms * interval '1 millisecond')
FROM json_to_recordset(%(computed)s) AS computed (space_id int, start_ms bigint, end_ms bigint)
WHERE NOT EXISTS (
    SELECT FROM shigotoba.booth_session AS held
    WHERE int4range(held.space_id, held.space_id, '[]') && int4range(computed.space_id, computed.space_id, '[]')
      AND held.during = tstzrange(timestamptz 'epoch' + computed.start_ms * interval '1 millisecond',
                                  timestamptz 'epoch' + computed.end_ms * interval '1 millisecond')
      AND held.during && tstzrange(timestamptz 'epoch' + computed.start_ms * interval '1 millisecond',
                                   timestamptz 'epoch' + computed.end_ms * interval '1 millisecond')
)

-- name: extents
SELECT space_id,
       (date_part('epoch', min(lower(during))) * 1000)::bigint,
       (date_part('epoch', max(upper(during))) * 1000)::bigint
FROM shigotoba.booth_session
GROUP BY space_id
