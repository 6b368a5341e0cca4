-- A day in the office up to %(now)s: most things work, and each kind of trouble occurs once.

INSERT INTO shigotoba.point (device_id, name)
SELECT device_id, name FROM shigotoba.device
CROSS JOIN (VALUES ('seat_sensor', 'occupancy'), ('seat_sensor', 'battery_pct'), ('booth_sensor', 'occupancy'),
                   ('booth_sensor', 'battery_pct'), ('booth_button', 'button'), ('mfp', 'impressions_total')) AS has (kind, name)
WHERE device.kind = has.kind;

-- The seat 3-03 was never heard, 3-04 fell silent, 4-07 has a low battery.
INSERT INTO shigotoba.latest (point_id, at, value, label, changed_at)
SELECT point_id,
       %(now)s::timestamptz - CASE space.code WHEN '3f-s04' THEN interval '2 hours' ELSE interval '5 seconds' END,
       CASE point.name WHEN 'button' THEN NULL
                       WHEN 'occupancy' THEN ((space_id * 7) %% 5 < 2)::int
                       WHEN 'battery_pct' THEN CASE space.code WHEN '4f-s07' THEN 12 ELSE 60 + space_id %% 40 END
                       ELSE 1 END,
       CASE point.name WHEN 'button' THEN 'AI' END,
       %(now)s::timestamptz - make_interval(mins => 3 + space_id %% 90)
FROM shigotoba.point JOIN shigotoba.device USING (device_id)
JOIN shigotoba.assignment USING (device_id) JOIN shigotoba.space USING (space_id)
WHERE space.code <> '3f-s03';

-- Nothing is known of today's 6:30 to 7:15; 3-03 is not known at all.
INSERT INTO shigotoba.use_15min (space_id, bucket, occupied_s, vacant_s, presses)
SELECT space_id, bucket, 900 * busy, 900 * (1 - busy),
       CASE WHEN kind = 'booth' AND busy > 0.5 AND minute = 0 THEN 1 ELSE 0 END
FROM shigotoba.space
CROSS JOIN generate_series(date_trunc('day', %(now)s::timestamptz, 'Asia/Tokyo') - interval '1 day',
                           %(now)s::timestamptz - interval '15 minutes', interval '15 minutes') AS bucket
CROSS JOIN LATERAL (SELECT extract(hour FROM bucket AT TIME ZONE 'Asia/Tokyo')::int AS hour,
                           extract(minute FROM bucket AT TIME ZONE 'Asia/Tokyo')::int AS minute) AS clock
CROSS JOIN LATERAL (SELECT CASE WHEN hour NOT BETWEEN 6 AND 20 THEN 0.0
                                ELSE ((space_id * 13 + hour * 3 + minute / 15) %% 10) / 10.0 END AS busy) AS amount
WHERE kind IN ('seat', 'booth') AND code <> '3f-s03'
  AND NOT (bucket >= date_trunc('day', %(now)s::timestamptz, 'Asia/Tokyo') + interval '6 hours 30 minutes'
           AND bucket < date_trunc('day', %(now)s::timestamptz, 'Asia/Tokyo') + interval '7 hours 15 minutes');

INSERT INTO shigotoba.booth_use (space_id, during, source, started_by)
SELECT space_id, tstzrange(%(now)s::timestamptz - interval '50 minutes', %(now)s::timestamptz - interval '20 minutes'), 'button', 1
FROM shigotoba.space WHERE code IN ('3f-b1', '4f-b2');

-- Two days without data, one reset, one day with one printer only, weekends idle.
INSERT INTO shigotoba.printing_hour (device_id, bucket, impressions_total, impressions_print, impressions_copy,
                                     impressions_fax, impressions_other, fax_sent, scan_sent, resets)
SELECT device_id, bucket, 90 * busy, 55 * busy, 25 * busy, 6 * busy, 4 * busy, 2 * busy, 7 * busy,
       CASE WHEN days_ago = 10 AND hour = 10 AND number = 1 THEN 1 ELSE 0 END
FROM (SELECT device_id, row_number() OVER (ORDER BY device_id) AS number FROM shigotoba.device WHERE kind = 'mfp') AS mfp
CROSS JOIN generate_series(0, 29) AS days_ago
CROSS JOIN generate_series(9, 16) AS hour
CROSS JOIN LATERAL (SELECT date_trunc('day', %(now)s::timestamptz, 'Asia/Tokyo')
                           - make_interval(days => days_ago) + make_interval(hours => hour) AS bucket) AS clock
CROSS JOIN LATERAL (SELECT CASE WHEN extract(isodow FROM bucket AT TIME ZONE 'Asia/Tokyo') > 5 THEN 0
                                ELSE (days_ago * 7 + hour * number) %% 5 END AS busy) AS amount
WHERE days_ago NOT IN (8, 19) AND NOT (days_ago = 15 AND number > 1) AND bucket <= %(now)s;

INSERT INTO shigotoba.ledger (site_id, gateway, epoch, received, first_at, updated_at)
SELECT site_id, 'gw-1', 'e1', '{[1,48211),[48220,120031)}', %(now)s::timestamptz - interval '30 days',
       %(now)s::timestamptz - interval '1 second'
FROM shigotoba.site;

INSERT INTO shigotoba.gateway_health (site_id, gateway, at, payload)
SELECT site_id, 'gw-1', %(now)s::timestamptz - interval '2 seconds',
       jsonb_build_object('epoch', 'e1', 'next_seq', 120043, 'waiting', 12, 'set_aside', 0,
                          'started_at_ms', extract(epoch FROM %(now)s::timestamptz)::bigint * 1000 - 864000000,
                          'agents', '[{"drivers": [{"restarts": 1}]}]'::jsonb)
FROM shigotoba.site;

INSERT INTO shigotoba.quarantine (topic, gateway, reason, detail, payload, digest, repeats)
VALUES ('t', 'gw-1', 'unknown_device', 'ble-000000000000', '\x00', 'a', 4),
       ('t', 'gw-1', 'future_time', '2099', '\x01', 'b', 0);
