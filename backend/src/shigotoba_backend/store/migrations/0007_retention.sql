-- Drops the months that end no later than the given instant, and returns their names.
CREATE FUNCTION shigotoba.drop_months_before_v1(before timestamptz) RETURNS SETOF text
LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
    month_table text;
BEGIN
    FOR month_table IN
        SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'shigotoba.reading'::regclass
          AND to_timestamp(relname, '"reading_"YYYY"_"MM') + interval '1 month' <= before
        ORDER BY relname
    LOOP
        EXECUTE format('DROP TABLE shigotoba.%I', month_table);
        RETURN NEXT month_table;
    END LOOP;
END
$$;
