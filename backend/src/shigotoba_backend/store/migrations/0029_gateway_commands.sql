-- What gateways were told to do once. What became of it stands in their health (gateway_health.payload, "commands").
CREATE TABLE shigotoba.gateway_command (
    command    text PRIMARY KEY,
    site_id    smallint NOT NULL REFERENCES shigotoba.site,
    gateway    text NOT NULL,
    kind       text NOT NULL,
    agent      text NOT NULL DEFAULT '',
    driver     text NOT NULL DEFAULT '',
    asked_at   timestamptz NOT NULL,
    not_after  timestamptz NOT NULL CHECK (not_after > asked_at)
);

CREATE INDEX ON shigotoba.gateway_command (site_id, gateway, asked_at);
