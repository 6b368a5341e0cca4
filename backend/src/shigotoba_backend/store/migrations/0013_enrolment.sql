-- Who may speak for a gateway: names, invitations, certificates, and who has guessed.

-- A broker knows a gateway by its name alone, so a name belongs to one site.
CREATE TABLE shigotoba.gateway_identity (
    gateway   text PRIMARY KEY,
    site_id   smallint NOT NULL REFERENCES shigotoba.site
);

-- Only a digest of the token is kept. key_digest: the device that used it, which may ask again if our answer was lost.
CREATE TABLE shigotoba.gateway_invitation (
    invitation_id  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gateway        text NOT NULL REFERENCES shigotoba.gateway_identity,
    digest         bytea NOT NULL UNIQUE,
    made_at        timestamptz NOT NULL,
    made_by        int REFERENCES shigotoba.person,
    expires_at     timestamptz NOT NULL,
    used_at        timestamptz,
    withdrawn_at   timestamptz,
    key_digest     bytea,
    CHECK ((used_at IS NULL) = (key_digest IS NULL))
);

CREATE INDEX ON shigotoba.gateway_invitation (gateway);

CREATE TABLE shigotoba.gateway_certificate (
    serial       text PRIMARY KEY CHECK (serial ~ '^[0-9a-f]+$'),
    gateway      text NOT NULL REFERENCES shigotoba.gateway_identity,
    origin       text NOT NULL CHECK (origin IN ('claim', 'renewal')),
    key_digest   bytea NOT NULL UNIQUE,
    not_before   timestamptz NOT NULL,
    not_after    timestamptz NOT NULL,
    certificate  text NOT NULL,
    issued_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    revoked_at   timestamptz,
    revocation   text CHECK (revocation IN ('withdrawn', 'new_device', 'renewed', 'lost')),
    CHECK ((revoked_at IS NULL) = (revocation IS NULL))
);

CREATE INDEX ON shigotoba.gateway_certificate (gateway);

CREATE TABLE shigotoba.claim_failure (
    address  text NOT NULL,
    at       timestamptz NOT NULL
);

CREATE INDEX ON shigotoba.claim_failure (address, at);
