-- What a single quarantined reading needs to be stored later as what it was, and what became of those that are gone.

-- Epoch and number are there for single readings only: the ledger has counted those. Older versions fill in neither.
ALTER TABLE shigotoba.quarantine
    ADD COLUMN device text NOT NULL DEFAULT '',
    ADD COLUMN epoch text,
    ADD COLUMN seq bigint,
    ADD CONSTRAINT an_epoch_comes_with_a_number CHECK ((epoch IS NULL) = (seq IS NULL));

CREATE INDEX ON shigotoba.quarantine (gateway, reason, device);

CREATE TABLE shigotoba.quarantine_tally (
    gateway     text NOT NULL,
    reason      text NOT NULL,
    not_kept    bigint NOT NULL DEFAULT 0,
    replayed    bigint NOT NULL DEFAULT 0,
    discarded   bigint NOT NULL DEFAULT 0,
    updated_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (gateway, reason)
);
