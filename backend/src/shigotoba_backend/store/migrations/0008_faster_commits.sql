-- What costs a commit of ingest most beside the COPY itself (bench/ingest.py).

-- The check ran once for each touched stretch; ingest takes point numbers from the table it would have looked into.
ALTER TABLE shigotoba.touched DROP CONSTRAINT touched_point_id_fkey;

-- Each commit updates the newest value of each point it has readings of: room for the next version on the same page
-- spares the index.
ALTER TABLE shigotoba.latest SET (fillfactor = 40);
ALTER TABLE shigotoba.ledger SET (fillfactor = 40);
