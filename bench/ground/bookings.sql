-- name: make_booths
INSERT INTO shigotoba.space (site_id, floor_id, code, kind, name, capacity, x, y)
SELECT site.site_id, floor.floor_id, 'b' || number, 'booth', 'Booth ' || number, 1, number, 0
FROM shigotoba.site
JOIN generate_series(1, %(booths)s) AS number ON true
JOIN LATERAL (
    SELECT floor_id FROM shigotoba.floor WHERE floor.site_id = site.site_id ORDER BY level OFFSET number %% %(floors)s LIMIT 1
) AS floor ON true
WHERE site.code = %(site)s

-- name: make_people
WITH made AS (
    INSERT INTO shigotoba.person (login) SELECT 'p' || number FROM generate_series(1, %(people)s) AS number
    RETURNING person_id
), granted AS (
    INSERT INTO shigotoba.role_grant (person_id, role, organisation_id, during)
    SELECT person_id, 'staff', 1, tstzrange('2020-01-01+00', NULL) FROM made
)
SELECT person_id FROM made ORDER BY person_id

-- name: fill
-- Every booth is booked for half of each hour from 09:00 to 18:00 in Tokyo.
INSERT INTO shigotoba.booking (space_id, during, booked, state, source, made_at, check_in_from, lapses_at)
SELECT space_id, tstzrange(start, start + interval '30 min'), tstzrange(start, start + interval '30 min'), 'held',
       'phone', %(now)s, start, start + interval '10 min'
FROM shigotoba.space
CROSS JOIN generate_series(0, %(days)s - 1) AS day
CROSS JOIN generate_series(0, 8) AS hour
CROSS JOIN LATERAL (
    SELECT %(first)s::timestamptz + day * interval '1 day' + hour * interval '1 hour' + space_id %% 2 * interval '30 min'
) AS slot (start)
WHERE space.kind = 'booth'
ON CONFLICT DO NOTHING

-- name: plain_table
CREATE TABLE plain_booking (
    booking_id uuid PRIMARY KEY DEFAULT gen_random_uuid(), space_id int NOT NULL, during tstzrange NOT NULL
)

-- name: plain_insert
INSERT INTO plain_booking (space_id, during) VALUES (%(space_id)s, tstzrange(%(start)s, %(end)s))

-- name: plain_select
SELECT space_id, during, state, lapses_at FROM shigotoba.booking
WHERE during && tstzrange(%(start)s, %(end)s) AND state IN ('offered', 'held', 'checked_in')

-- name: booths
SELECT space_id, code FROM shigotoba.space WHERE kind = 'booth' ORDER BY space_id
