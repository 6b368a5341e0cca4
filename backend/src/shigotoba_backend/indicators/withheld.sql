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
-- Of each group and day: how many answered in every quarter of it, and whether anybody did in some. Seats are counted
-- first, without what their site's days are like: that is the same for all of them.
WITH calendar AS MATERIALIZED (
    SELECT site_id, local::date AS day, bounds.starts, bounds.ends,
           extract(epoch FROM bounds.ends - bounds.starts)::int / 900 AS quarters
    FROM shigotoba.site
    CROSS JOIN generate_series(%(first)s::timestamp, %(beyond)s::timestamp - interval '1 day', interval '1 day') AS local
    CROSS JOIN LATERAL (
        SELECT local AT TIME ZONE time_zone AS starts, (local + interval '1 day') AT TIME ZONE time_zone AS ends
    ) AS bounds
), counted AS MATERIALIZED (
    SELECT seat.atom, seat.site_id, used.day, used.answered, sum(seat.capacity) AS people
    FROM unnest(%(spaces)s::int[], %(atoms)s::int[], %(sites)s::int[], %(capacities)s::int[])
         AS seat (space_id, atom, site_id, capacity)
    JOIN shigotoba.use_day AS used ON used.space_id = seat.space_id AND used.day >= %(first)s AND used.day < %(beyond)s
    GROUP BY seat.atom, seat.site_id, used.day, used.answered
)
SELECT atom, starts, ends, coalesce(sum(people) FILTER (WHERE answered >= quarters), 0)::int AS throughout,
       bool_or(answered > 0 AND answered < quarters) AS partly
FROM counted JOIN calendar USING (site_id, day)
GROUP BY atom, starts, ends
ORDER BY atom, starts

-- name: quarters
-- Of groups that answered for a part of a day: how many of each did in which quarter; where all that is known is
-- less than half of it, 0.
SELECT seat.atom, quarter.bucket,
       coalesce(sum(seat.capacity) FILTER (WHERE quarter.occupied_s + quarter.vacant_s >= 450), 0)::int
FROM unnest(%(spaces)s::int[], %(atoms)s::int[], %(capacities)s::int[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
     AS seat (space_id, atom, capacity, starts, ends)
JOIN shigotoba.use_15min AS quarter
  ON quarter.space_id = seat.space_id AND quarter.bucket >= seat.starts AND quarter.bucket < seat.ends
WHERE quarter.occupied_s + quarter.vacant_s > 0
GROUP BY seat.atom, quarter.bucket
