-- A list that is given becomes all there is: what is not in it goes, what is there already stays as it is.

-- name: forget_hours
DELETE FROM shigotoba.opening_hours
WHERE site_id = %(site_id)s AND (weekday, days, minutes) NOT IN (
    SELECT weekday, daterange(since, until), int4range(opens, closes)
    FROM unnest(%(weekdays)s::smallint[], %(since)s::date[], %(until)s::date[], %(opens)s::int[], %(closes)s::int[])
        AS wanted (weekday, since, until, opens, closes)
)

-- name: put_hours
INSERT INTO shigotoba.opening_hours (site_id, weekday, days, minutes)
SELECT %(site_id)s, weekday, daterange(since, until), int4range(opens, closes)
FROM unnest(%(weekdays)s::smallint[], %(since)s::date[], %(until)s::date[], %(opens)s::int[], %(closes)s::int[])
    AS wanted (weekday, since, until, opens, closes)
EXCEPT ALL
SELECT site_id, weekday, days, minutes FROM shigotoba.opening_hours

-- name: forget_holidays
DELETE FROM shigotoba.holiday
WHERE site_id = %(site_id)s AND (days, name, name_en) NOT IN (
    SELECT daterange(since, until), name, name_en
    FROM unnest(%(since)s::date[], %(until)s::date[], %(names)s::text[], %(names_en)s::text[])
        AS wanted (since, until, name, name_en)
)

-- name: put_holidays
INSERT INTO shigotoba.holiday (site_id, days, name, name_en)
SELECT %(site_id)s, daterange(since, until), name, name_en
FROM unnest(%(since)s::date[], %(until)s::date[], %(names)s::text[], %(names_en)s::text[])
    AS wanted (since, until, name, name_en)
EXCEPT ALL
SELECT site_id, days, name, name_en FROM shigotoba.holiday

-- name: forget_closures
DELETE FROM shigotoba.closure
WHERE site_id = %(site_id)s AND NOT EXISTS (
    SELECT
    FROM unnest(%(since)s::timestamptz[], %(until)s::timestamptz[], %(spaces)s::text[], %(reasons)s::text[])
        AS wanted (since, until, space, reason)
    LEFT JOIN shigotoba.space ON space.site_id = %(site_id)s AND space.code = wanted.space
    WHERE closure.during = tstzrange(since, until) AND closure.reason = wanted.reason
      AND closure.space_id IS NOT DISTINCT FROM space.space_id
)

-- name: put_closures
INSERT INTO shigotoba.closure (site_id, space_id, during, reason)
SELECT %(site_id)s, space.space_id, tstzrange(since, until), reason
FROM unnest(%(since)s::timestamptz[], %(until)s::timestamptz[], %(spaces)s::text[], %(reasons)s::text[])
    AS wanted (since, until, space, reason)
LEFT JOIN shigotoba.space ON space.site_id = %(site_id)s AND space.code = wanted.space
EXCEPT ALL
SELECT site_id, space_id, during, reason FROM shigotoba.closure
