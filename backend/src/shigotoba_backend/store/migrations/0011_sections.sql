-- Who works where, how many, and against what figures are compared: sections, headcounts, base years, targets.

CREATE TABLE shigotoba.section (
    section_id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id  smallint NOT NULL DEFAULT 1 REFERENCES shigotoba.organisation,
    code             text NOT NULL,
    name             text NOT NULL,
    name_en          text NOT NULL,
    part_of          int REFERENCES shigotoba.section CHECK (part_of <> section_id),
    UNIQUE (organisation_id, code)
);

ALTER TABLE shigotoba.person ADD FOREIGN KEY (section_id) REFERENCES shigotoba.section;

-- Seats and printers that serve one section. Free-address seats serve none.
CREATE TABLE shigotoba.section_place (
    section_id  int NOT NULL REFERENCES shigotoba.section,
    space_id    int NOT NULL REFERENCES shigotoba.space,
    during      daterange NOT NULL DEFAULT daterange(NULL, NULL) CHECK (NOT isempty(during)),
    CONSTRAINT a_place_serves_one_section_at_a_time
        EXCLUDE USING GIST (int4range(space_id, space_id, '[]') WITH &&, during WITH &&)
);

CREATE INDEX ON shigotoba.section_place (section_id);

-- Staff on the roll from a day on, until the next row of the same section, site and floor. 0 ends a section there.
CREATE TABLE shigotoba.headcount (
    site_id     smallint NOT NULL REFERENCES shigotoba.site,
    section_id  int NOT NULL REFERENCES shigotoba.section,
    floor_id    int REFERENCES shigotoba.floor,
    as_of       date NOT NULL,
    people      int NOT NULL CHECK (people >= 0),
    UNIQUE NULLS NOT DISTINCT (site_id, section_id, floor_id, as_of)
);

-- What later figures are compared with. The amounts are kept here, not asked for again, so that late readings do not
-- move a published base.
CREATE TABLE shigotoba.base_year (
    base_year_id  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    indicator     text NOT NULL,
    scope         text NOT NULL,
    fiscal_year   int NOT NULL CHECK (fiscal_year BETWEEN 1900 AND 2999),
    restates      int REFERENCES shigotoba.base_year,
    reason        text NOT NULL DEFAULT '',
    drafted_at    timestamptz NOT NULL DEFAULT now(),
    published_at  timestamptz,
    published_by  text,
    CONSTRAINT whoever_publishes_is_named CHECK ((published_at IS NULL) = (published_by IS NULL)),
    CONSTRAINT a_restatement_has_a_reason CHECK (restates IS NULL OR reason <> '')
);

-- One first publication each; each is restated once, and that one again.
CREATE UNIQUE INDEX ON shigotoba.base_year (indicator, scope, fiscal_year) WHERE restates IS NULL;
CREATE UNIQUE INDEX ON shigotoba.base_year (restates);

-- Months: 1 for a month, 12 for a fiscal year known only as a whole.
CREATE TABLE shigotoba.base_amount (
    base_year_id  int NOT NULL REFERENCES shigotoba.base_year ON DELETE CASCADE,
    first         date NOT NULL,
    months        smallint NOT NULL CHECK (months BETWEEN 1 AND 12),
    numerator     float8 NOT NULL,
    denominator   float8,
    estimate      boolean NOT NULL DEFAULT false,
    exclusions    text NOT NULL DEFAULT '',
    PRIMARY KEY (base_year_id, first, months)
);

CREATE FUNCTION shigotoba.keep_published_base() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'the base year % of % for % is published and stays as it is: restate it instead',
            OLD.fiscal_year, OLD.indicator, OLD.scope USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE FUNCTION shigotoba.keep_published_amounts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched int[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.base_year_id] WHEN 'DELETE' THEN ARRAY[OLD.base_year_id]
                     ELSE ARRAY[OLD.base_year_id, NEW.base_year_id] END;
BEGIN
    -- Locked before it is looked at, so that no publication passes between the look and the change.
    PERFORM FROM shigotoba.base_year WHERE base_year_id = ANY(touched) FOR SHARE;
    IF EXISTS (SELECT FROM shigotoba.base_year WHERE base_year_id = ANY(touched) AND published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the amounts of a published base year stay as they are: restate it instead'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE FUNCTION shigotoba.keep_bases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM shigotoba.base_year WHERE published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'published base years stay as they are' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER a_published_base_stays BEFORE UPDATE OR DELETE ON shigotoba.base_year
    FOR EACH ROW EXECUTE FUNCTION shigotoba.keep_published_base();
CREATE TRIGGER published_bases_stay BEFORE TRUNCATE ON shigotoba.base_year
    FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.keep_bases();
CREATE TRIGGER a_published_amount_stays BEFORE INSERT OR UPDATE OR DELETE ON shigotoba.base_amount
    FOR EACH ROW EXECUTE FUNCTION shigotoba.keep_published_amounts();
CREATE TRIGGER published_amounts_stay BEFORE TRUNCATE ON shigotoba.base_amount
    FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.keep_bases();

-- Targets by year; what a target was before stays with its reason.
CREATE TABLE shigotoba.target (
    indicator    text NOT NULL,
    scope        text NOT NULL,
    fiscal_year  int NOT NULL CHECK (fiscal_year BETWEEN 1900 AND 2999),
    value        float8 NOT NULL,
    reason       text NOT NULL DEFAULT '',
    set_by       text NOT NULL,
    set_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (indicator, scope, fiscal_year, set_at)
);
