-- Booths held and used. One row per booking; what holds a booth cannot overlap; what happened is only ever added to.

ALTER TABLE shigotoba.closure ADD COLUMN closure_id bigint GENERATED ALWAYS AS IDENTITY UNIQUE;

-- Rules of the whole organisation, a site, a zone or a booth for some days; what a row does not say is as above it.
CREATE TABLE shigotoba.booking_policy (
    policy_id        int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id  smallint REFERENCES shigotoba.organisation,
    site_id          smallint REFERENCES shigotoba.site,
    zone_id          int REFERENCES shigotoba.zone,
    space_id         int REFERENCES shigotoba.space,
    days             daterange NOT NULL DEFAULT daterange(NULL, NULL) CHECK (NOT isempty(days)),
    rules            jsonb NOT NULL CHECK (jsonb_typeof(rules) = 'object'),
    CHECK (num_nonnulls(organisation_id, site_id, zone_id, space_id) = 1),
    CONSTRAINT policies_of_one_place_do_not_overlap EXCLUDE USING GIST (
        int4range(coalesce(organisation_id, 0), coalesce(organisation_id, 0), '[]') WITH &&,
        int4range(coalesce(site_id, 0), coalesce(site_id, 0), '[]') WITH &&,
        int4range(coalesce(zone_id, 0), coalesce(zone_id, 0), '[]') WITH &&,
        int4range(coalesce(space_id, 0), coalesce(space_id, 0), '[]') WITH &&,
        days WITH &&
    )
);

CREATE TABLE shigotoba.booking_series (
    series_id  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    space_id   int NOT NULL REFERENCES shigotoba.space,
    owner_id   int NOT NULL REFERENCES shigotoba.person,
    booker_id  int NOT NULL REFERENCES shigotoba.person,
    rule       jsonb NOT NULL,
    made_at    timestamptz NOT NULL
);

-- booked: what was agreed. during: what is or was really kept from others; a lapsed or ended booking is cut there.
-- barred: during and the pause after it; what the constraint compares. sensor_dead: nobody can say whether it was used.
CREATE TABLE shigotoba.booking (
    booking_id     uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    space_id       int NOT NULL REFERENCES shigotoba.space,
    during         tstzrange NOT NULL,
    booked         tstzrange NOT NULL CHECK (
        NOT isempty(booked) AND NOT lower_inf(booked) AND NOT upper_inf(booked) AND lower_inc(booked) AND NOT upper_inc(booked)
    ),
    buffer         interval NOT NULL DEFAULT '0',
    barred         tstzrange NOT NULL,
    state          text NOT NULL CHECK (state IN ('offered', 'held', 'checked_in', 'ended', 'released', 'cancelled')),
    owner_id       int REFERENCES shigotoba.person,
    booker_id      int REFERENCES shigotoba.person,
    source         text NOT NULL CHECK (source IN ('phone', 'qr', 'button', 'gateway', 'series', 'offer')),
    purpose        text,
    guests         int NOT NULL DEFAULT 0 CHECK (guests >= 0),
    made_at        timestamptz NOT NULL,
    check_in_from  timestamptz NOT NULL,
    lapses_at      timestamptz NOT NULL,
    checked_in_at  timestamptz,
    checked_in_by  text CHECK (checked_in_by IN ('phone', 'qr', 'button', 'presence')),
    ended_at       timestamptz,
    approval       text CHECK (approval IN ('waiting', 'granted')),
    asked_at       timestamptz,
    walk_in        bool NOT NULL DEFAULT false,
    sensor_dead    bool NOT NULL DEFAULT false,
    series_id      uuid REFERENCES shigotoba.booking_series,
    replaces       uuid REFERENCES shigotoba.booking,
    version        int NOT NULL DEFAULT 1,
    CHECK (NOT isempty(during) OR state IN ('ended', 'released', 'cancelled')),
    CHECK ((checked_in_at IS NULL) = (checked_in_by IS NULL)),
    CONSTRAINT a_booth_is_held_by_one_booking_at_a_time EXCLUDE USING GIST (
        int4range(space_id, space_id, '[]') WITH &&, barred WITH &&
    ) WHERE (state IN ('offered', 'held', 'checked_in'))
);

CREATE INDEX ON shigotoba.booking (space_id) WHERE state IN ('offered', 'held', 'checked_in');
CREATE INDEX ON shigotoba.booking (space_id, made_at);
CREATE INDEX ON shigotoba.booking (owner_id, upper(during)) WHERE owner_id IS NOT NULL;
CREATE INDEX ON shigotoba.booking (lower(booked));
CREATE INDEX ON shigotoba.booking (series_id) WHERE series_id IS NOT NULL;
CREATE INDEX ON shigotoba.booking (ended_at) WHERE state = 'ended' AND buffer > '0';

CREATE FUNCTION shigotoba.bar_booking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.barred := CASE WHEN isempty(NEW.during) THEN NEW.during
                       ELSE tstzrange(lower(NEW.during), upper(NEW.during) + NEW.buffer) END;
    RETURN NEW;
END
$$;

CREATE TRIGGER barred_is_during_and_the_pause BEFORE INSERT OR UPDATE OF during, buffer, barred ON shigotoba.booking
    FOR EACH ROW EXECUTE FUNCTION shigotoba.bar_booking();

-- How a booking stands at an instant, whether or not anybody has settled it since.
CREATE FUNCTION shigotoba.booking_state_v1(state text, during tstzrange, lapses_at timestamptz, at timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN state IN ('offered', 'held') AND lapses_at <= at THEN 'released'
                WHEN state = 'checked_in' AND upper(during) <= at THEN 'ended'
                ELSE state END
$$;

-- Bookings as they stand at an instant; an empty span begins and ends where it was agreed to begin.
CREATE FUNCTION shigotoba.bookings_at_v1(at timestamptz)
RETURNS TABLE (
    booking_id uuid, space_id int, site text, booth text, booth_name text, floor text, start timestamptz,
    "end" timestamptz, state text, owner_id int, booker_id int, source text, purpose text, guests int,
    made_at timestamptz, check_in_from timestamptz, lapses_at timestamptz, checked_in_at timestamptz,
    checked_in_by text, ended_at timestamptz, approval text, asked_at timestamptz, walk_in bool, series_id uuid,
    replaces uuid, version int
) LANGUAGE sql STABLE AS $$
    SELECT booking.booking_id, booking.space_id, site.code, space.code, space.name, floor.code,
           coalesce(lower(booking.during), lower(booking.booked)),
           coalesce(upper(booking.during), lower(booking.booked)),
           shigotoba.booking_state_v1(booking.state, booking.during, booking.lapses_at, bookings_at_v1.at),
           booking.owner_id, booking.booker_id, booking.source, booking.purpose, booking.guests, booking.made_at,
           booking.check_in_from, booking.lapses_at, booking.checked_in_at, booking.checked_in_by, booking.ended_at,
           booking.approval, booking.asked_at, booking.walk_in, booking.series_id, booking.replaces, booking.version
    FROM shigotoba.booking
    JOIN shigotoba.space ON space.space_id = booking.space_id
    JOIN shigotoba.site ON site.site_id = space.site_id
    JOIN shigotoba.floor ON floor.floor_id = space.floor_id
$$;

-- The rules of a booth on a day of its site: the organisation's, over them the site's, the zone's and its own.
CREATE FUNCTION shigotoba.booth_rules_v1(asked_space int, asked_day date) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT rules FROM shigotoba.booking_policy
                     WHERE organisation_id = site.organisation_id AND days @> asked_day), '{}')
        || coalesce((SELECT rules FROM shigotoba.booking_policy WHERE site_id = space.site_id AND days @> asked_day), '{}')
        || coalesce((SELECT rules FROM shigotoba.booking_policy WHERE zone_id = space.zone_id AND days @> asked_day), '{}')
        || coalesce((SELECT rules FROM shigotoba.booking_policy WHERE space_id = asked_space AND days @> asked_day), '{}')
    FROM shigotoba.space JOIN shigotoba.site USING (site_id)
    WHERE space.space_id = asked_space
$$;

-- What happened, in order. Facts hold no names and no free text, so that nothing need ever be taken back.
CREATE TABLE shigotoba.booking_event (
    event_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booking_id  uuid NOT NULL REFERENCES shigotoba.booking,
    at          timestamptz NOT NULL,
    kind        text NOT NULL,
    actor_id    int REFERENCES shigotoba.person,
    via         text NOT NULL,
    facts       jsonb NOT NULL DEFAULT '{}'
);

CREATE INDEX ON shigotoba.booking_event (booking_id, event_id);

CREATE TRIGGER events_are_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON shigotoba.booking_event
    FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.refuse_to_rewrite();
CREATE TRIGGER bookings_are_only_added_to BEFORE DELETE OR TRUNCATE ON shigotoba.booking
    FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.refuse_to_rewrite();

-- Events that notices, strikes, webhooks and offers have still to be made of. A cursor over event_id would skip what
-- commits late.
CREATE TABLE shigotoba.booking_todo (
    event_id  bigint PRIMARY KEY REFERENCES shigotoba.booking_event
);

CREATE FUNCTION shigotoba.queue_booking_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO shigotoba.booking_todo VALUES (NEW.event_id);
    PERFORM pg_notify('shigotoba_booth', space.site_id || ' ' || space.code)
    FROM shigotoba.booking JOIN shigotoba.space USING (space_id) WHERE booking_id = NEW.booking_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER events_are_told AFTER INSERT ON shigotoba.booking_event
    FOR EACH ROW EXECUTE FUNCTION shigotoba.queue_booking_event();

-- The answer to a request that may come twice. digest: of what was asked, so that a key is not used for something else.
CREATE TABLE shigotoba.idempotency_key (
    person_id   int NOT NULL REFERENCES shigotoba.person,
    key         text NOT NULL,
    digest      bytea NOT NULL,
    booking_id  uuid REFERENCES shigotoba.booking,
    at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person_id, key)
);

CREATE TABLE shigotoba.booking_delegate (
    owner_id     int NOT NULL REFERENCES shigotoba.person,
    delegate_id  int NOT NULL REFERENCES shigotoba.person CHECK (delegate_id <> owner_id),
    since        timestamptz NOT NULL,
    PRIMARY KEY (owner_id, delegate_id)
);

-- A wish for a booth that was not free. An offer is a booking in state offered, named by the entry.
CREATE TABLE shigotoba.waitlist (
    entry_id   uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    person_id  int NOT NULL REFERENCES shigotoba.person,
    site_id    smallint NOT NULL REFERENCES shigotoba.site,
    floor_id   int REFERENCES shigotoba.floor,
    space_id   int REFERENCES shigotoba.space,
    during     tstzrange NOT NULL CHECK (NOT isempty(during)),
    state      text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'offered', 'taken', 'passed', 'withdrawn')),
    offer_id   uuid REFERENCES shigotoba.booking,
    made_at    timestamptz NOT NULL
);

CREATE INDEX ON shigotoba.waitlist (site_id, made_at) WHERE state = 'waiting';
CREATE INDEX ON shigotoba.waitlist (person_id);

CREATE TABLE shigotoba.strike (
    strike_id    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    person_id    int NOT NULL REFERENCES shigotoba.person,
    booking_id   uuid NOT NULL UNIQUE REFERENCES shigotoba.booking,
    at           timestamptz NOT NULL,
    state        text NOT NULL DEFAULT 'stands' CHECK (state IN ('stands', 'appealed', 'upheld', 'lifted')),
    appeal       text,
    decided_by   int REFERENCES shigotoba.person,
    decided_at   timestamptz
);

CREATE INDEX ON shigotoba.strike (person_id, at);

-- What people are to be told: read in the app, in calendars, pushed.
CREATE TABLE shigotoba.notice (
    notice_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id   int NOT NULL REFERENCES shigotoba.person,
    kind        text NOT NULL,
    booking_id  uuid REFERENCES shigotoba.booking,
    facts       jsonb NOT NULL DEFAULT '{}',
    made_at     timestamptz NOT NULL,
    seen_at     timestamptz,
    pushed_at   timestamptz,
    once        text UNIQUE
);

CREATE INDEX ON shigotoba.notice (person_id, made_at) WHERE seen_at IS NULL;
CREATE INDEX ON shigotoba.notice (notice_id) WHERE pushed_at IS NULL;

-- Somebody looked for a booth and none was free. asker: a digest of person and day, so that one wish counts once.
CREATE TABLE shigotoba.unmet_demand (
    site_id  smallint NOT NULL REFERENCES shigotoba.site,
    wanted   tstzrange NOT NULL,
    asker    bytea NOT NULL,
    reason   text NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (site_id, wanted, asker)
);

-- What gateways decided at the door, each once. outcome: what came of it here; booking_id: the booking it is about.
CREATE TABLE shigotoba.gateway_decision (
    site_id     smallint NOT NULL REFERENCES shigotoba.site,
    gateway     text NOT NULL,
    epoch       text NOT NULL,
    number      bigint NOT NULL,
    at          timestamptz NOT NULL,
    said        jsonb NOT NULL,
    outcome     text NOT NULL,
    booking_id  uuid REFERENCES shigotoba.booking,
    taken_at    timestamptz NOT NULL,
    PRIMARY KEY (site_id, gateway, epoch, number)
);

CREATE INDEX ON shigotoba.gateway_decision (at) WHERE outcome = 'waiting';

-- The schedule each gateway was last given.
CREATE TABLE shigotoba.booth_schedule (
    site_id       smallint NOT NULL REFERENCES shigotoba.site,
    gateway       text NOT NULL,
    version       bigint NOT NULL,
    digest        bytea NOT NULL,
    published_at  timestamptz NOT NULL,
    PRIMARY KEY (site_id, gateway)
);

CREATE TABLE shigotoba.webhook (
    webhook_id  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    site_id     smallint NOT NULL REFERENCES shigotoba.site,
    url         text NOT NULL,
    kinds       text[] NOT NULL DEFAULT '{}',
    secret      text NOT NULL,
    active      bool NOT NULL DEFAULT true,
    made_at     timestamptz NOT NULL
);

CREATE TABLE shigotoba.webhook_delivery (
    delivery_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id   uuid NOT NULL REFERENCES shigotoba.webhook,
    event_id     bigint NOT NULL REFERENCES shigotoba.booking_event,
    state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'given_up')),
    tries        int NOT NULL DEFAULT 0,
    next_at      timestamptz NOT NULL,
    last_answer  text,
    UNIQUE (webhook_id, event_id)
);

CREATE INDEX ON shigotoba.webhook_delivery (next_at) WHERE state = 'waiting';

-- Uses of booths, however they began. Of the time before bookings, or of presses nobody decided, there is booth_use.
CREATE VIEW shigotoba.booth_used_v1 AS
SELECT space_id, tstzrange(greatest(checked_in_at, lower(during)), upper(during)) AS during, source, booking_id
FROM shigotoba.booking
WHERE checked_in_at < upper(during)
UNION ALL
SELECT space_id, during, source, NULL
FROM shigotoba.booth_use
WHERE NOT EXISTS (
    SELECT FROM shigotoba.booking
    WHERE booking.space_id = booth_use.space_id AND checked_in_at < upper(booth_use.during)
      AND upper(booking.during) > lower(booth_use.during)
);

-- What became of each booking, as settled so far. observable: it can be told whether the booking was used.
CREATE VIEW shigotoba.booking_figures_v1 AS
SELECT booking_id, space_id, booked,
       CASE WHEN checked_in_at < upper(during)
            THEN tstzrange(greatest(checked_in_at, lower(during)), upper(during)) END AS used,
       state, source, walk_in,
       state = 'released' AND source <> 'offer' AND approval IS DISTINCT FROM 'waiting' AS no_show,
       CASE WHEN state = 'released' THEN lapses_at END AS released_at,
       CASE WHEN state IN ('released', 'ended')
            THEN greatest(0, date_part('epoch', upper(booked) - greatest(upper(during), lower(booked)))) ELSE 0
       END AS recovered_s,
       state = 'cancelled' AND ended_at >= lower(booked) - interval '30 minutes' AS late_cancel,
       checked_in_at IS NOT NULL OR NOT sensor_dead AS observable
FROM shigotoba.booking;
