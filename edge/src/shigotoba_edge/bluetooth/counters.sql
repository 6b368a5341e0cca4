-- The counters of sealed sensors. A counter belongs to a key: a sensor with a new key begins again.

-- name: make_counter
CREATE TABLE IF NOT EXISTS counter (
    device   TEXT PRIMARY KEY,
    key_mark TEXT NOT NULL,
    reached  INTEGER NOT NULL
) STRICT

-- name: all
SELECT device, key_mark, reached FROM counter

-- name: reach
INSERT INTO counter (device, key_mark, reached) VALUES (:device, :key_mark, :reached)
ON CONFLICT (device) DO UPDATE SET
    key_mark = excluded.key_mark,
    reached = CASE WHEN counter.key_mark = excluded.key_mark
                   THEN max(counter.reached, excluded.reached) ELSE excluded.reached END
