-- How many come along with somebody who waits: a booth without room for them is not offered.
ALTER TABLE shigotoba.waitlist ADD COLUMN guests int NOT NULL DEFAULT 0 CHECK (guests BETWEEN 0 AND 1000);
