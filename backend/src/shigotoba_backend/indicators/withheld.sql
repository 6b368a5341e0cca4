-- name: site
SELECT site_id FROM shigotoba.site WHERE code = %(site)s

-- name: seats
-- Every seat of the organisations of the sites, with all that it is a part of on a day.
SELECT space.space_id, space.site_id, organisation.code, site.code, floor.code, zone.code, seat_type, above.codes,
       CASE WHEN capacity >= %(enough)s THEN space.code END, '{}'::text[], capacity
FROM shigotoba.space
JOIN shigotoba.floor USING (floor_id)
JOIN shigotoba.site ON site.site_id = space.site_id
JOIN shigotoba.organisation USING (organisation_id)
LEFT JOIN shigotoba.zone USING (zone_id)
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(DISTINCT section.code ORDER BY section.code), '{}') AS codes
    FROM shigotoba.section_place AS served
    JOIN shigotoba.section_above_v1 AS within USING (section_id)
    JOIN shigotoba.section ON section.section_id = within.above_id
    WHERE served.space_id = space.space_id AND served.during @> %(on)s::date
) AS above
WHERE space.kind = 'seat' AND site.organisation_id IN (
    SELECT organisation_id FROM shigotoba.site WHERE site_id = ANY(%(sites)s)
)
ORDER BY space.space_id

-- name: days
-- Of each group that did not answer as a whole, and day: how many did in every quarter of it, -1 where nothing is known
-- of any, and whether somebody answered in some. Only exceptions are read: seats with less than a day's 96 quarters have
-- an index of their own, those of which nothing is known are missed in the sums of their floor.
WITH seat AS MATERIALIZED (
    SELECT given.*, space.floor_id
    FROM unnest(%(spaces)s::int[], %(atoms)s::int[], %(sites)s::int[], %(capacities)s::int[])
         AS given (space_id, atom, site_id, capacity)
    JOIN shigotoba.space USING (space_id)
), calendar AS MATERIALIZED (
    SELECT site_id, local::date AS day, bounds.starts, bounds.ends,
           extract(epoch FROM bounds.ends - bounds.starts)::int / 900 AS quarters
    FROM shigotoba.site
    CROSS JOIN generate_series(%(first)s::timestamp, %(beyond)s::timestamp - interval '1 day', interval '1 day') AS local
    CROSS JOIN LATERAL (
        SELECT local AT TIME ZONE time_zone AS starts, (local + interval '1 day') AT TIME ZONE time_zone AS ends
    ) AS bounds
    WHERE site_id = ANY(%(sites)s)
), floor_day AS MATERIALIZED (
    SELECT summed.floor_id, summed.day, summed.spaces
    FROM shigotoba.use_floor_day AS summed
    WHERE summed.floor_id = ANY(ARRAY(SELECT DISTINCT floor_id FROM seat)) AND summed.kind = 'seat'
      AND summed.day >= %(first)s AND summed.day < %(beyond)s
), missed AS MATERIALIZED (
    SELECT seats.floor_id, known.day
    FROM (SELECT floor_id, count(*) AS seats FROM seat GROUP BY floor_id) AS seats
    CROSS JOIN (SELECT DISTINCT day FROM floor_day) AS known
    LEFT JOIN floor_day ON floor_day.floor_id = seats.floor_id AND floor_day.day = known.day
    WHERE coalesce(floor_day.spaces, 0) < seats.seats
), short AS (
    SELECT seat.space_id, used.day, used.answered
    FROM seat
    JOIN shigotoba.use_day AS used ON used.space_id = seat.space_id AND used.answered < 96
     AND used.day >= %(first)s AND used.day < %(beyond)s
    UNION ALL
    SELECT seat.space_id, missed.day, NULL
    FROM missed
    JOIN seat USING (floor_id)
    WHERE NOT EXISTS (
        SELECT FROM shigotoba.use_day AS used WHERE used.space_id = seat.space_id AND used.day = missed.day
    )
    UNION ALL
    SELECT seat.space_id, used.day, used.answered
    FROM calendar
    JOIN seat USING (site_id)
    JOIN shigotoba.use_day AS used ON used.space_id = seat.space_id AND used.day = calendar.day
    WHERE calendar.quarters > 96 AND used.answered >= 96
)
SELECT seat.atom, starts, ends,
       CASE WHEN size.seats = count(*) FILTER (WHERE answered IS NULL) THEN -1
            ELSE size.people - sum(seat.capacity) END::int AS throughout,
       coalesce(bool_or(answered > 0), false) AS partly
FROM short
JOIN seat USING (space_id)
JOIN calendar USING (site_id, day)
JOIN (SELECT atom, count(*) AS seats, sum(capacity) AS people FROM seat GROUP BY atom) AS size USING (atom)
WHERE answered IS NULL OR answered < quarters
GROUP BY seat.atom, starts, ends, size.seats, size.people
ORDER BY seat.atom, starts

-- name: quarters
-- Of groups that answered for a part of a day: how many of each did in which quarter; where all that is known is
-- less than half of it, 0. Seat by seat along the key: the planner would sooner read all quarters there are.
SELECT seat.atom, quarter.bucket,
       coalesce(sum(seat.capacity) FILTER (WHERE quarter.occupied_s + quarter.vacant_s >= 450), 0)::int
FROM unnest(%(spaces)s::int[], %(atoms)s::int[], %(capacities)s::int[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
     AS seat (space_id, atom, capacity, starts, ends)
CROSS JOIN LATERAL (
    SELECT kept.bucket, kept.occupied_s, kept.vacant_s FROM shigotoba.use_15min AS kept
    WHERE kept.space_id = seat.space_id AND kept.bucket >= seat.starts AND kept.bucket < seat.ends
    OFFSET 0
) AS quarter
WHERE quarter.occupied_s + quarter.vacant_s > 0
GROUP BY seat.atom, quarter.bucket
