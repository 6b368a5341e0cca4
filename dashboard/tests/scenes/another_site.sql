-- Another site of the organisation, as full of life as the first: everything that it has carries one of a few marks.

INSERT INTO shigotoba.site (organisation_id, code, name, name_en, time_zone)
SELECT organisation_id, 'midori', 'みどり支所', 'Midori branch', time_zone FROM shigotoba.site;

INSERT INTO shigotoba.floor (site_id, code, name, name_en, level)
SELECT site_id, 'm' || level, 'みどり' || level || '階', 'Midori floor ' || level, level
FROM shigotoba.site, generate_series(1, 2) AS level WHERE code = 'midori';

INSERT INTO shigotoba.space (site_id, floor_id, code, kind, seat_type, name, capacity, x, y)
SELECT site_id, floor_id, floor.code || '-' || kind || number, kind, CASE kind WHEN 'seat' THEN 'midori_type' END,
       'みどり' || kind || number, 1, number, 1
FROM shigotoba.floor JOIN shigotoba.site USING (site_id)
CROSS JOIN (VALUES ('seat', 6), ('booth', 1), ('equipment', 1)) AS wanted (kind, many)
CROSS JOIN LATERAL generate_series(1, many) AS number
WHERE site.code = 'midori';

INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s)
SELECT space.site_id, 'midori-' || space.code,
       CASE kind WHEN 'seat' THEN 'seat_sensor' WHEN 'booth' THEN 'booth_sensor' ELSE 'mfp' END, 60
FROM shigotoba.space JOIN shigotoba.site USING (site_id) WHERE site.code = 'midori';

INSERT INTO shigotoba.assignment (device_id, space_id, during)
SELECT device_id, space_id, '[2026-04-01 00:00+09,)'
FROM shigotoba.device JOIN shigotoba.space ON device.code = 'midori-' || space.code;

INSERT INTO shigotoba.point (device_id, name)
SELECT device_id, CASE kind WHEN 'mfp' THEN 'impressions_total' ELSE 'occupancy' END
FROM shigotoba.device WHERE code LIKE 'midori-%%';

-- One sensor has been silent for an hour.
INSERT INTO shigotoba.latest (point_id, at, value, changed_at)
SELECT point_id, %(now)s::timestamptz - CASE WHEN device.code LIKE '%%seat1' THEN interval '1 hour' ELSE interval '5 s' END,
       1, %(now)s::timestamptz - interval '2 hours'
FROM shigotoba.point JOIN shigotoba.device USING (device_id) WHERE device.code LIKE 'midori-%%';

INSERT INTO shigotoba.opening_hours (site_id, weekday, days, minutes)
SELECT site_id, weekday, daterange('2020-04-01', NULL), int4range(511, 1036)
FROM shigotoba.site CROSS JOIN generate_series(1, 5) AS weekday WHERE code = 'midori';

INSERT INTO shigotoba.holiday (site_id, days, name, name_en)
SELECT site_id, daterange('2026-11-02', '2026-11-03'), 'みどりの日', 'Midori day' FROM shigotoba.site WHERE code = 'midori';

INSERT INTO shigotoba.closure (site_id, space_id, during, reason)
SELECT site_id, space_id, '[2026-11-19 00:00+09,)', 'みどり工事' FROM shigotoba.space WHERE code = 'm2-booth1';

INSERT INTO shigotoba.use_15min
    (space_id, bucket, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions)
SELECT space_id, bucket, 700, 200, 0, 700, 200, 1
FROM shigotoba.space JOIN shigotoba.site USING (site_id)
CROSS JOIN generate_series(%(now)s::timestamptz - interval '3 days 37 min 5 s', %(now)s::timestamptz - interval '1 hour',
                           interval '15 minutes') AS bucket
WHERE site.code = 'midori' AND kind <> 'equipment';

INSERT INTO shigotoba.booking (space_id, during, booked, barred, state, source, made_at, check_in_from, lapses_at)
SELECT space_id, during, during, during, 'held', 'phone', lower(during) - interval '1 day', lower(during), upper(during)
FROM shigotoba.space, (VALUES (tstzrange('2026-11-20 13:00+09', '2026-11-20 14:00+09'))) AS slot (during)
WHERE code = 'm1-booth1';

INSERT INTO shigotoba.printing_hour (device_id, bucket, impressions_total, impressions_print, impressions_copy, fax_sent)
SELECT device_id, bucket, 70007, 60006, 50005, 4004
FROM shigotoba.device, unnest(ARRAY['2026-10-20 10:00+09', '2026-11-19 10:00+09']::timestamptz[]) AS bucket
WHERE code LIKE 'midori-%%equipment1';

INSERT INTO shigotoba.counter_hold (device_id, name, from_at, to_at, from_value, to_value, rise, cause)
SELECT device_id, 'fax_sent', '2026-11-19 09:00+09', '2026-11-19 10:00+09', 1, 88008809, 88008808, 'too_fast'
FROM shigotoba.device WHERE code = 'midori-m1-equipment1';

INSERT INTO shigotoba.ledger (site_id, gateway, epoch, received, first_at, updated_at)
SELECT site_id, 'gw-midori', 'e-midori', '{[1,50),[90,100)}', %(now)s::timestamptz - interval '1 day', %(now)s
FROM shigotoba.site WHERE code = 'midori';

INSERT INTO shigotoba.gateway_health (site_id, gateway, at, payload)
SELECT site_id, 'gw-midori', %(now)s::timestamptz - interval '1 hour', '{"epoch": "e-midori", "problems": ["みどり full"]}'
FROM shigotoba.site WHERE code = 'midori';

INSERT INTO shigotoba.quarantine (topic, gateway, reason, detail, payload, digest, repeats, device)
VALUES ('shigotoba/v1/0/midori/gw-midori/up/readings', 'gw-midori', 'wrong_type', 'みどり', '\x02', 'c', 8, 'midori-x');

INSERT INTO shigotoba.unmet_demand (site_id, wanted, asker, reason, at)
SELECT site_id, '[2026-11-19 10:00+09, 2026-11-19 11:00+09)', int4send(number), 'none_free', '2026-11-19 09:00+09'
FROM shigotoba.site, generate_series(1, 9) AS number WHERE code = 'midori';
