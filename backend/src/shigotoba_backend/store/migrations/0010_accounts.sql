-- Who may do what: people, roles with a scope and a time, sessions, and what was done.

CREATE TABLE shigotoba.organisation (
    organisation_id  smallint PRIMARY KEY,
    code             text NOT NULL UNIQUE,
    name             text NOT NULL,
    name_en          text NOT NULL
);

INSERT INTO shigotoba.organisation VALUES (1, 'main', '組織', 'Organisation');

-- An older version imports sites without knowing of organisations.
ALTER TABLE shigotoba.site ADD COLUMN organisation_id smallint NOT NULL DEFAULT 1 REFERENCES shigotoba.organisation;

-- The row stays when personal data is erased, under its pseudonym: rules such as strikes count on, nobody is named.
CREATE TABLE shigotoba.person (
    person_id        int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pseudonym        uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    organisation_id  smallint NOT NULL DEFAULT 1 REFERENCES shigotoba.organisation,
    login            text UNIQUE CHECK (login = lower(login) AND login <> ''),
    display_name     text,
    email            text,
    language         text NOT NULL DEFAULT 'ja' CHECK (language IN ('ja', 'en')),
    home_site_id     smallint REFERENCES shigotoba.site,
    section_id       int,
    active           boolean NOT NULL DEFAULT true,
    created_at       timestamptz NOT NULL DEFAULT now(),
    left_at          timestamptz,
    erased_at        timestamptz,
    CHECK (erased_at IS NULL OR (num_nonnulls(login, display_name, email) = 0 AND NOT active))
);

-- Argon2id in its own notation.
CREATE TABLE shigotoba.local_password (
    person_id   int PRIMARY KEY REFERENCES shigotoba.person ON DELETE CASCADE,
    hash        text NOT NULL,
    changed_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE shigotoba.external_identity (
    issuer     text NOT NULL,
    subject    text NOT NULL,
    person_id  int NOT NULL REFERENCES shigotoba.person ON DELETE CASCADE,
    PRIMARY KEY (issuer, subject)
);

-- No site means: at every site of the organisation, also those that come later.
CREATE TABLE shigotoba.role_grant (
    person_id        int NOT NULL REFERENCES shigotoba.person,
    role             text NOT NULL
        CHECK (role IN ('staff', 'facility', 'site_admin', 'organisation_admin', 'auditor', 'executive')),
    organisation_id  smallint NOT NULL REFERENCES shigotoba.organisation,
    site_id          smallint REFERENCES shigotoba.site,
    during           tstzrange NOT NULL CHECK (NOT isempty(during)),
    granted_by       int REFERENCES shigotoba.person,
    CONSTRAINT a_role_is_granted_once_at_a_time EXCLUDE USING GIST (
        int4range(person_id, person_id, '[]') WITH &&, int4range(hashtext(role), hashtext(role), '[]') WITH &&,
        int4range(coalesce(site_id, 0), coalesce(site_id, 0), '[]') WITH &&,
        int4range(organisation_id, organisation_id, '[]') WITH &&, during WITH &&
    )
);

CREATE INDEX ON shigotoba.role_grant (person_id);

-- Only a digest of the secret is kept: whoever reads this table can not sign in with it.
CREATE TABLE shigotoba.session (
    digest      bytea PRIMARY KEY,
    person_id   int NOT NULL REFERENCES shigotoba.person ON DELETE CASCADE,
    kind        text NOT NULL CHECK (kind IN ('browser', 'token')),
    label       text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL,
    seen_at     timestamptz NOT NULL,
    rotated_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL
);

CREATE INDEX ON shigotoba.session (person_id);

-- A rotated session answers to its former digest for a moment, for requests that were under way.
CREATE TABLE shigotoba.former_session (
    digest      bytea PRIMARY KEY,
    successor   bytea NOT NULL REFERENCES shigotoba.session ON UPDATE CASCADE ON DELETE CASCADE,
    expires_at  timestamptz NOT NULL
);

CREATE TABLE shigotoba.sign_in_failure (
    login       text NOT NULL,
    address     text NOT NULL,
    failures    int NOT NULL,
    last_at     timestamptz NOT NULL,
    PRIMARY KEY (login, address)
);

-- Never a name: people appear under their number, so that the log outlives their personal data.
CREATE TABLE shigotoba.audit_log (
    audit_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_id    int,
    actor_kind  text NOT NULL CHECK (actor_kind IN ('person', 'command', 'job', 'gateway', 'nobody')),
    action      text NOT NULL,
    object      text NOT NULL,
    site_id     smallint,
    before      jsonb,
    after       jsonb,
    reason      text NOT NULL DEFAULT '',
    request_id  text NOT NULL DEFAULT ''
);

CREATE INDEX ON shigotoba.audit_log (at);
CREATE INDEX ON shigotoba.audit_log (object, at);
CREATE INDEX ON shigotoba.audit_log (actor_id, at);

CREATE FUNCTION shigotoba.refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_log_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON shigotoba.audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.refuse_to_rewrite();

-- People who may sign in, with the roles in force at an instant and every site of their organisation.
CREATE FUNCTION shigotoba.person_at_v1(asked timestamptz)
RETURNS TABLE (
    person_id int, login text, display_name text, language text, home_site text, organisation text,
    roles text[], role_sites text[], sites text[]
) LANGUAGE sql STABLE AS $$
    SELECT person.person_id, person.login, coalesce(person.display_name, person.login), person.language, home.code,
           organisation.code, coalesce(granted.roles, '{}'), coalesce(granted.role_sites, '{}'),
           (SELECT coalesce(array_agg(site.code ORDER BY site.code), '{}')
            FROM shigotoba.site WHERE site.organisation_id = person.organisation_id)
    FROM shigotoba.person
    JOIN shigotoba.organisation USING (organisation_id)
    LEFT JOIN shigotoba.site AS home ON home.site_id = person.home_site_id
    LEFT JOIN LATERAL (
        SELECT array_agg(role_grant.role ORDER BY role_grant.role, site.code) AS roles,
               array_agg(site.code ORDER BY role_grant.role, site.code) AS role_sites
        FROM shigotoba.role_grant
        LEFT JOIN shigotoba.site USING (site_id)
        WHERE role_grant.person_id = person.person_id AND role_grant.during @> asked
          AND role_grant.organisation_id = person.organisation_id
    ) AS granted ON true
    WHERE person.active AND person.login IS NOT NULL
$$;
