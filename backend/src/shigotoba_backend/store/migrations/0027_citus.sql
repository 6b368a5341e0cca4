-- What lets the readings be distributed over machines by point, and nothing else know of it.

-- The neighbours of an instant at one point. PostgreSQL puts the body of a stable function into the query that calls
-- it, as if it were written there; of a volatile one it does not, and so each call is a question of its own, which is
-- how Citus can answer it: it takes no LIMIT inside a join. The layout says which (upkeep/citus.sql).
CREATE FUNCTION shigotoba.count_before_v1(wanted int, before timestamptz, not_a_counter_from float8)
RETURNS TABLE (at timestamptz, seq bigint, value float8) LANGUAGE sql STABLE AS $$
    SELECT reading.at, reading.seq, reading.value
    FROM shigotoba.reading
    WHERE reading.point_id = wanted AND reading.at < before
      AND reading.value >= 0 AND reading.value < not_a_counter_from AND NOT reading.uncertain
    ORDER BY reading.at DESC, reading.seq DESC, reading.value DESC
    LIMIT 1
$$;

CREATE FUNCTION shigotoba.count_after_v1(wanted int, after timestamptz, not_a_counter_from float8)
RETURNS TABLE (at timestamptz) LANGUAGE sql STABLE AS $$
    SELECT reading.at
    FROM shigotoba.reading
    WHERE reading.point_id = wanted AND reading.at > after
      AND reading.value >= 0 AND reading.value < not_a_counter_from AND NOT reading.uncertain
    ORDER BY reading.at
    LIMIT 1
$$;

CREATE FUNCTION shigotoba.extent_of_v1(wanted int)
RETURNS TABLE (first_at timestamptz, last_at timestamptz) LANGUAGE sql STABLE AS $$
    SELECT first.at, last.at
    FROM (SELECT at FROM shigotoba.reading WHERE point_id = wanted ORDER BY at LIMIT 1) AS first
    CROSS JOIN (SELECT at FROM shigotoba.reading WHERE point_id = wanted ORDER BY at DESC LIMIT 1) AS last
$$;

-- Touched stretches lie where their readings do, for a machine commits only its own share at one instant: rollups that
-- see the stretch must see the readings. Citus wants the column that distributes in every key.
ALTER TABLE shigotoba.touched DROP CONSTRAINT touched_pkey, ADD PRIMARY KEY (touched_id, point_id);
