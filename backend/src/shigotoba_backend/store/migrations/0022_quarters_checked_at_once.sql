-- That the space of a quarter exists is looked up once for a statement instead of once for a row: each look-up locks the
-- space's row, which took more than half of the time of a rebuild. A space cannot go while it has quarters: each of them
-- is summed up into use_day, whose own reference stays.

CREATE FUNCTION shigotoba.quarters_have_spaces() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unknown int;
BEGIN
    SELECT changed.space_id INTO unknown
    FROM changed LEFT JOIN shigotoba.space USING (space_id)
    WHERE space.space_id IS NULL
    LIMIT 1;
    IF FOUND THEN
        RAISE foreign_key_violation USING MESSAGE = format('There is no space %s.', unknown);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER a_space_for_each_quarter AFTER INSERT ON shigotoba.use_15min
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.quarters_have_spaces();

ALTER TABLE shigotoba.use_15min DROP CONSTRAINT use_15min_space_id_fkey;
