-- Only for a backup with TimescaleDB: the extension wants to be told (its documentation, "Logical backup").
CREATE EXTENSION timescaledb;
SELECT timescaledb_pre_restore();
