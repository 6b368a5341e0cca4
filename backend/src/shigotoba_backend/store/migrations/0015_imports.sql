-- Figures that people bring. Nothing here is ever changed: a correction is a further row that names the one it corrects.

CREATE TABLE shigotoba.figure_import (
    import_id   int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL,
    actor_id    int REFERENCES shigotoba.person,
    actor_kind  text NOT NULL CHECK (actor_kind IN ('person', 'command', 'job')),
    series      text NOT NULL,
    scope       text NOT NULL,
    form        text NOT NULL CHECK (form IN ('utf-8', 'utf-8-sig', 'cp932', 'xlsx', 'rest')),
    file_name   text NOT NULL DEFAULT '',
    digest      text NOT NULL DEFAULT ''
);

-- Period is the text that names it, such as FY2022 or 2022-04; from and beyond are its days.
CREATE TABLE shigotoba.imported_figure (
    figure_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    import_id        int NOT NULL REFERENCES shigotoba.figure_import,
    series           text NOT NULL,
    scope            text NOT NULL,
    period           text NOT NULL,
    first            date NOT NULL,
    beyond           date NOT NULL CHECK (beyond > first),
    numerator        numeric,
    denominator      numeric CHECK (denominator >= 0),
    excluded         numeric CHECK (excluded >= 0),
    excluded_reason  text NOT NULL DEFAULT '',
    estimate         boolean NOT NULL,
    bound            text NOT NULL CHECK (bound IN ('exact', 'at_least', 'at_most')),
    written          text NOT NULL,
    note             text NOT NULL,
    source           text NOT NULL CHECK (source <> ''),
    corrects         bigint UNIQUE,
    reason           text NOT NULL DEFAULT '',
    recorded_at      timestamptz NOT NULL,
    CONSTRAINT a_correction_has_a_reason CHECK ((corrects IS NULL) = (reason = '')),
    CONSTRAINT special_factors_have_a_reason CHECK (coalesce(excluded, 0) = 0 OR excluded_reason <> ''),
    UNIQUE (figure_id, series, scope, period),
    CONSTRAINT a_correction_is_of_the_same_cell
        FOREIGN KEY (corrects, series, scope, period)
        REFERENCES shigotoba.imported_figure (figure_id, series, scope, period)
);

CREATE UNIQUE INDEX a_cell_begins_once ON shigotoba.imported_figure (series, scope, period) WHERE corrects IS NULL;
CREATE INDEX ON shigotoba.imported_figure (import_id);

CREATE TRIGGER imports_are_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON shigotoba.figure_import
    FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.refuse_to_rewrite();
CREATE TRIGGER figures_are_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON shigotoba.imported_figure
    FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.refuse_to_rewrite();

-- What holds now: of each cell the row that nothing corrects.
CREATE VIEW shigotoba.imported_figure_v1 AS
SELECT figure.*
FROM shigotoba.imported_figure AS figure
WHERE NOT EXISTS (SELECT FROM shigotoba.imported_figure AS later WHERE later.corrects = figure.figure_id);

-- Which headings somebody named for a series; the next file of that series is read with them.
CREATE TABLE shigotoba.import_template (
    series      text NOT NULL,
    scope       text NOT NULL,
    headings    jsonb NOT NULL,
    changed_at  timestamptz NOT NULL,
    PRIMARY KEY (series, scope)
);
