-- What the phone app keeps: secret links, messages to phones, sharing where one sits, how people like it.

-- A link that works without signing in: a booth's door display, a calendar. Only a digest of its secret is kept.
CREATE TABLE shigotoba.secret_link (
    digest     bytea PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN ('door', 'person_calendar', 'booth_calendar')),
    person_id  int REFERENCES shigotoba.person ON DELETE CASCADE,
    space_id   int REFERENCES shigotoba.space,
    made_at    timestamptz NOT NULL,
    CHECK (num_nonnulls(person_id, space_id) = 1),
    CHECK ((kind = 'person_calendar') = (person_id IS NOT NULL))
);

CREATE INDEX ON shigotoba.secret_link (person_id);
CREATE INDEX ON shigotoba.secret_link (space_id);

-- As a browser gave it to us (W3C Push API).
CREATE TABLE shigotoba.push_subscription (
    endpoint   text PRIMARY KEY,
    person_id  int NOT NULL REFERENCES shigotoba.person ON DELETE CASCADE,
    p256dh     text NOT NULL,
    auth       text NOT NULL,
    made_at    timestamptz NOT NULL
);

CREATE INDEX ON shigotoba.push_subscription (person_id);

-- "I am here", said by the person, never by a sensor; gone the same day.
CREATE TABLE shigotoba.whereabouts (
    person_id  int PRIMARY KEY REFERENCES shigotoba.person ON DELETE CASCADE,
    space_id   int NOT NULL REFERENCES shigotoba.space,
    since      timestamptz NOT NULL,
    until      timestamptz NOT NULL CHECK (until > since AND until <= since + interval '1 day')
);

-- Who may look, chosen by the person.
CREATE TABLE shigotoba.whereabouts_reader (
    person_id  int NOT NULL REFERENCES shigotoba.person ON DELETE CASCADE,
    reader_id  int NOT NULL REFERENCES shigotoba.person ON DELETE CASCADE CHECK (reader_id <> person_id),
    PRIMARY KEY (person_id, reader_id)
);

-- One tap after a booth. Votes are counted, not kept: nobody can find out whose is whose.
CREATE TABLE shigotoba.booth_rating (
    space_id  int NOT NULL REFERENCES shigotoba.space,
    month     date NOT NULL CHECK (extract(day FROM month) = 1),
    score     smallint NOT NULL CHECK (score BETWEEN 1 AND 5),
    votes     int NOT NULL CHECK (votes > 0),
    PRIMARY KEY (space_id, month, score)
);

CREATE TABLE shigotoba.booking_rated (
    booking_id  uuid PRIMARY KEY REFERENCES shigotoba.booking
);

-- The yearly survey of an office; likewise.
CREATE TABLE shigotoba.survey (
    survey_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id      smallint NOT NULL REFERENCES shigotoba.site,
    fiscal_year  int NOT NULL CHECK (fiscal_year BETWEEN 1900 AND 2999),
    days         daterange NOT NULL CHECK (NOT isempty(days) AND NOT lower_inf(days) AND NOT upper_inf(days)),
    UNIQUE (site_id, fiscal_year)
);

CREATE TABLE shigotoba.survey_answered (
    survey_id  int NOT NULL REFERENCES shigotoba.survey,
    person_id  int NOT NULL REFERENCES shigotoba.person,
    PRIMARY KEY (survey_id, person_id)
);

CREATE TABLE shigotoba.survey_vote (
    survey_id  int NOT NULL REFERENCES shigotoba.survey,
    question   text NOT NULL CHECK (question IN ('satisfied', 'environment', 'communication')),
    score      smallint NOT NULL CHECK (score BETWEEN 1 AND 5),
    votes      int NOT NULL CHECK (votes > 0),
    PRIMARY KEY (survey_id, question, score)
);

-- For the indicators: 4 and 5 are content. Fewer than five votes are not shown, and a site has one cell per period and
-- question, so that nothing can be found out by subtracting.
CREATE VIEW shigotoba.satisfaction_v1 AS
    SELECT site_id, 'booth' AS question, month AS first, sum(votes) AS votes,
           coalesce(sum(votes) FILTER (WHERE score >= 4), 0) AS content
    FROM shigotoba.booth_rating JOIN shigotoba.space USING (space_id)
    GROUP BY site_id, month HAVING sum(votes) >= 5
    UNION ALL
    SELECT site_id, question, make_date(fiscal_year, 4, 1), sum(votes),
           coalesce(sum(votes) FILTER (WHERE score >= 4), 0)
    FROM shigotoba.survey_vote JOIN shigotoba.survey USING (survey_id)
    GROUP BY site_id, question, fiscal_year HAVING sum(votes) >= 5;
