-- Whether a press at a booth fell into a booking that somebody had checked in to, found through an index: each use was
-- held against every booking of its booth, which took minutes where there are thousands of both.

-- From checking in until the end, whichever of them comes first; both ends included, so that it finds what meets at one.
CREATE INDEX booking_checked_in ON shigotoba.booking USING gist (
    int4range(space_id, space_id, '[]'),
    tstzrange(least(checked_in_at, upper(during)), greatest(checked_in_at, upper(during)), '[]')
) WHERE checked_in_at IS NOT NULL;

-- As in 0012; what the index finds is still judged by the same two comparisons.
CREATE OR REPLACE VIEW shigotoba.booth_used_v1 AS
SELECT space_id, tstzrange(greatest(checked_in_at, lower(during)), upper(during)) AS during, source, booking_id
FROM shigotoba.booking
WHERE checked_in_at < upper(during)
UNION ALL
SELECT space_id, during, source, NULL
FROM shigotoba.booth_use
WHERE NOT EXISTS (
    SELECT FROM shigotoba.booking
    WHERE int4range(booking.space_id, booking.space_id, '[]') && int4range(booth_use.space_id, booth_use.space_id, '[]')
      AND tstzrange(least(checked_in_at, upper(booking.during)), greatest(checked_in_at, upper(booking.during)), '[]')
          && booth_use.during
      AND checked_in_at < upper(booth_use.during) AND upper(booking.during) > lower(booth_use.during)
);
