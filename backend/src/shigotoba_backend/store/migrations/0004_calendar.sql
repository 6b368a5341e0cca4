-- When a site is open, and its zones. Every range is half-open; what may not overlap is refused here.

CREATE TABLE shigotoba.zone (
    zone_id   int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id   smallint NOT NULL REFERENCES shigotoba.site,
    floor_id  int NOT NULL REFERENCES shigotoba.floor,
    code      text NOT NULL,
    name      text NOT NULL,
    name_en   text NOT NULL,
    UNIQUE (site_id, code),
    UNIQUE (zone_id, floor_id)
);

-- With the floor in the reference, a space cannot be in a zone of another floor.
ALTER TABLE shigotoba.space ADD COLUMN zone_id int;
ALTER TABLE shigotoba.space ADD CONSTRAINT a_space_is_on_the_floor_of_its_zone
    FOREIGN KEY (zone_id, floor_id) REFERENCES shigotoba.zone (zone_id, floor_id);
CREATE INDEX ON shigotoba.space (zone_id);

-- Minutes count from midnight of the site's own clock; weekdays as in ISO 8601, 1 is Monday.
CREATE TABLE shigotoba.opening_hours (
    site_id  smallint NOT NULL REFERENCES shigotoba.site,
    weekday  smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    days     daterange NOT NULL CHECK (NOT isempty(days)),
    minutes  int4range NOT NULL CHECK (NOT isempty(minutes) AND minutes <@ int4range(0, 1440)),
    CONSTRAINT opening_hours_do_not_overlap EXCLUDE USING GIST (
        int4range(site_id, site_id, '[]') WITH &&, int4range(weekday, weekday, '[]') WITH &&, days WITH &&, minutes WITH &&
    )
);

CREATE TABLE shigotoba.holiday (
    site_id  smallint NOT NULL REFERENCES shigotoba.site,
    days     daterange NOT NULL CHECK (NOT isempty(days) AND NOT lower_inf(days) AND NOT upper_inf(days)),
    name     text NOT NULL,
    name_en  text NOT NULL,
    CONSTRAINT holidays_do_not_overlap EXCLUDE USING GIST (int4range(site_id, site_id, '[]') WITH &&, days WITH &&)
);

-- Of the whole site where no space is named.
CREATE TABLE shigotoba.closure (
    site_id   smallint NOT NULL REFERENCES shigotoba.site,
    space_id  int REFERENCES shigotoba.space,
    during    tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during)),
    reason    text NOT NULL,
    CONSTRAINT closures_of_one_place_do_not_overlap EXCLUDE USING GIST (
        int4range(site_id, site_id, '[]') WITH &&, int4range(coalesce(space_id, 0), coalesce(space_id, 0), '[]') WITH &&,
        during WITH &&
    )
);

-- What is left of each day's opening hours without holidays and without closures of the site or the space.
-- A NULL for the space asks for the site alone. Days without an opening moment are not listed.
CREATE FUNCTION shigotoba.open_spans_v1(asked_site smallint, asked_space int, first_day date, beyond_day date)
RETURNS TABLE (day date, open tstzmultirange) LANGUAGE sql STABLE AS $$
    WITH hours AS (
        SELECT calendar.day::date AS day, range_agg(tstzrange(
            (calendar.day + lower(opening.minutes) * interval '1 minute') AT TIME ZONE site.time_zone,
            (calendar.day + upper(opening.minutes) * interval '1 minute') AT TIME ZONE site.time_zone
        )) AS span
        FROM generate_series(first_day::timestamp, beyond_day - interval '1 day', interval '1 day') AS calendar (day)
        JOIN shigotoba.site ON site.site_id = asked_site
        JOIN shigotoba.opening_hours AS opening
          ON opening.site_id = asked_site AND opening.days @> calendar.day::date
         AND opening.weekday = extract(isodow FROM calendar.day)
        WHERE NOT EXISTS (
            SELECT FROM shigotoba.holiday WHERE holiday.site_id = asked_site AND holiday.days @> calendar.day::date
        )
        GROUP BY calendar.day
    ), closed AS (
        SELECT coalesce(range_agg(during), '{}') AS span
        FROM shigotoba.closure
        WHERE site_id = asked_site AND (space_id IS NULL OR space_id = asked_space)
    )
    SELECT hours.day, hours.span - closed.span
    FROM hours CROSS JOIN closed
    WHERE NOT isempty(hours.span - closed.span)
    ORDER BY hours.day
$$;
