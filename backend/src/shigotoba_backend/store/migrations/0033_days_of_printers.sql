-- Days of printers: sums of their hours for long windows, kept like the sums of use (0009) in the transaction that changes
-- the hours, whoever writes. Each is computed again as a whole, so that it does not depend on what came when.

-- Days are days of the site's time zone; a day without a row in printing_hour has none. Hours: those in which the counter
-- of all impressions could be followed. Function: sides with colour that were printed or copied, in hours that tell both.
CREATE TABLE shigotoba.printing_day (
    device_id                    int NOT NULL REFERENCES shigotoba.device,
    day                          date NOT NULL,
    hours                        bigint NOT NULL,
    impressions_total            bigint,
    impressions_print            bigint,
    impressions_copy             bigint,
    impressions_fax              bigint,
    impressions_other            bigint,
    impressions_mono             bigint,
    impressions_colour           bigint,
    impressions_function_colour  bigint,
    impressions_large            bigint,
    impressions_duplex           bigint,
    sheets_total                 bigint,
    sheets_duplex                bigint,
    fax_sent                     bigint,
    fax_received                 bigint,
    scan_sent                    bigint,
    resets                       bigint NOT NULL,
    wraps                        bigint NOT NULL,
    held                         bigint NOT NULL,
    revised_at                   timestamptz,
    PRIMARY KEY (device_id, day)
);

-- Hours of one printer, each as what it adds to its day. PostgreSQL writes this into the query that calls it.
CREATE FUNCTION shigotoba.printing_hours_v1(wanted int, since timestamptz, beyond timestamptz)
RETURNS SETOF shigotoba.printing_day LANGUAGE sql STABLE AS $$
    SELECT device_id, (bucket AT TIME ZONE 'UTC')::date, num_nonnulls(impressions_total)::bigint, impressions_total,
           impressions_print, impressions_copy, impressions_fax, impressions_other, impressions_mono,
           impressions_colour, impressions_print_colour + impressions_copy_colour, impressions_large,
           impressions_duplex, sheets_total, sheets_duplex, fax_sent, fax_received, scan_sent, resets::bigint,
           wraps::bigint, held::bigint, revised_at
    FROM shigotoba.printing_hour
    WHERE device_id = wanted AND bucket >= since AND bucket < beyond
$$;

-- What one printer did between two instants, to be added up: whole days as their sums, the rest hour by hour.
CREATE FUNCTION shigotoba.printed_v1(wanted int, since timestamptz, beyond timestamptz)
RETURNS SETOF shigotoba.printing_day LANGUAGE sql STABLE AS $$
    SELECT part.*
    FROM shigotoba.device
    JOIN shigotoba.site USING (site_id)
    CROSS JOIN LATERAL (
        SELECT (since AT TIME ZONE time_zone - interval '1 microsecond')::date + 1 AS first,
               (beyond AT TIME ZONE time_zone)::date AS past
        OFFSET 0
    ) AS whole
    CROSS JOIN LATERAL (
        SELECT whole.first::timestamp AT TIME ZONE time_zone AS first_at,
               greatest(whole.first, whole.past)::timestamp AT TIME ZONE time_zone AS past_at
        OFFSET 0
    ) AS bound
    CROSS JOIN LATERAL (
        SELECT * FROM shigotoba.printing_day
        WHERE printing_day.device_id = wanted AND day >= whole.first AND day < whole.past
        UNION ALL
        SELECT * FROM shigotoba.printing_hours_v1(wanted, since, least(bound.first_at, beyond))
        UNION ALL
        SELECT * FROM shigotoba.printing_hours_v1(wanted, bound.past_at, beyond)
    ) AS part
    WHERE device.device_id = wanted
$$;

CREATE FUNCTION shigotoba.sum_up_printing(devices int[], days date[]) RETURNS void LANGUAGE sql AS $$
    WITH summed AS (
        SELECT hit.device_id, hit.day, sums.*
        FROM unnest(devices, days) AS hit (device_id, day)
        JOIN shigotoba.device USING (device_id)
        JOIN shigotoba.site USING (site_id)
        CROSS JOIN LATERAL (
            SELECT sum(hours) AS hours, sum(impressions_total) AS impressions_total,
                   sum(impressions_print) AS impressions_print, sum(impressions_copy) AS impressions_copy,
                   sum(impressions_fax) AS impressions_fax, sum(impressions_other) AS impressions_other,
                   sum(impressions_mono) AS impressions_mono, sum(impressions_colour) AS impressions_colour,
                   sum(impressions_function_colour) AS impressions_function_colour,
                   sum(impressions_large) AS impressions_large, sum(impressions_duplex) AS impressions_duplex,
                   sum(sheets_total) AS sheets_total, sum(sheets_duplex) AS sheets_duplex, sum(fax_sent) AS fax_sent,
                   sum(fax_received) AS fax_received, sum(scan_sent) AS scan_sent, sum(resets) AS resets,
                   sum(wraps) AS wraps, sum(held) AS held, max(revised_at) AS revised_at
            FROM shigotoba.printing_hours_v1(
                hit.device_id, hit.day::timestamp AT TIME ZONE time_zone, (hit.day + 1)::timestamp AT TIME ZONE time_zone)
        ) AS sums
    ), gone AS (
        DELETE FROM shigotoba.printing_day AS kept USING summed
        WHERE (kept.device_id, kept.day) = (summed.device_id, summed.day) AND summed.hours IS NULL
    )
    INSERT INTO shigotoba.printing_day AS kept
    SELECT * FROM summed WHERE hours IS NOT NULL
    ON CONFLICT (device_id, day) DO UPDATE SET
        hours = EXCLUDED.hours, impressions_total = EXCLUDED.impressions_total, impressions_print =
        EXCLUDED.impressions_print, impressions_copy = EXCLUDED.impressions_copy, impressions_fax =
        EXCLUDED.impressions_fax, impressions_other = EXCLUDED.impressions_other, impressions_mono =
        EXCLUDED.impressions_mono, impressions_colour = EXCLUDED.impressions_colour, impressions_function_colour =
        EXCLUDED.impressions_function_colour, impressions_large = EXCLUDED.impressions_large, impressions_duplex =
        EXCLUDED.impressions_duplex, sheets_total = EXCLUDED.sheets_total, sheets_duplex = EXCLUDED.sheets_duplex,
        fax_sent = EXCLUDED.fax_sent, fax_received = EXCLUDED.fax_received, scan_sent = EXCLUDED.scan_sent,
        resets = EXCLUDED.resets, wraps = EXCLUDED.wraps, held = EXCLUDED.held, revised_at = EXCLUDED.revised_at
    WHERE kept IS DISTINCT FROM EXCLUDED
$$;

CREATE FUNCTION shigotoba.sum_up_printing_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM shigotoba.sum_up_printing(array_agg(device_id), array_agg(day))
    FROM (
        SELECT DISTINCT device_id, (changed.bucket AT TIME ZONE time_zone)::date AS day
        FROM changed JOIN shigotoba.device USING (device_id) JOIN shigotoba.site USING (site_id)
    ) AS hit;
    RETURN NULL;
END
$$;

CREATE FUNCTION shigotoba.sum_up_printing_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM shigotoba.printing_day USING shigotoba.device
    WHERE device.device_id = printing_day.device_id AND device.site_id = NEW.site_id;
    PERFORM shigotoba.sum_up_printing(array_agg(device_id), array_agg(day))
    FROM (
        SELECT DISTINCT device_id, (bucket AT TIME ZONE NEW.time_zone)::date AS day
        FROM shigotoba.printing_hour JOIN shigotoba.device USING (device_id)
        WHERE device.site_id = NEW.site_id
    ) AS hit;
    RETURN NULL;
END
$$;

CREATE FUNCTION shigotoba.forget_printing_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE shigotoba.printing_day;
    RETURN NULL;
END
$$;

CREATE TRIGGER days_after_insert AFTER INSERT ON shigotoba.printing_hour
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.sum_up_printing_days();
CREATE TRIGGER days_after_update AFTER UPDATE ON shigotoba.printing_hour
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.sum_up_printing_days();
CREATE TRIGGER days_after_delete AFTER DELETE ON shigotoba.printing_hour
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.sum_up_printing_days();
CREATE TRIGGER days_after_truncate AFTER TRUNCATE ON shigotoba.printing_hour
    FOR EACH STATEMENT EXECUTE FUNCTION shigotoba.forget_printing_days();

CREATE TRIGGER printing_after_time_zone AFTER UPDATE OF time_zone ON shigotoba.site
    FOR EACH ROW WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone)
    EXECUTE FUNCTION shigotoba.sum_up_printing_again();

-- What was there before.
SELECT shigotoba.sum_up_printing(array_agg(device_id), array_agg(day))
FROM (
    SELECT DISTINCT device_id, (bucket AT TIME ZONE time_zone)::date AS day
    FROM shigotoba.printing_hour JOIN shigotoba.device USING (device_id) JOIN shigotoba.site USING (site_id)
) AS hit;
