-- The hours of a printer, found along its own key and summed without a look at the rows. They are written hour by hour
-- for all printers, so that those of one lie far apart, and the planner would sooner read everybody's by time, again for
-- each printer and month: 2.2 s of work for 20 printers and 20 months, 0.35 s with this.

CREATE INDEX printing_hour_of_device ON shigotoba.printing_hour (device_id, bucket) INCLUDE (
    impressions_total, impressions_copy, impressions_fax, impressions_colour, impressions_print_colour,
    impressions_copy_colour, impressions_large, impressions_duplex, sheets_total, sheets_duplex, fax_sent, fax_received,
    scan_sent, held, resets, revised_at
);
