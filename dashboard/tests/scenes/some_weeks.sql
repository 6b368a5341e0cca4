-- Five weeks behind %(now)s: busier in the middle of the week and around eleven, one day without data, one revised.

INSERT INTO shigotoba.opening_hours (site_id, weekday, days, minutes)
SELECT site_id, weekday, daterange('2020-04-01', NULL), int4range(510, 1035)
FROM shigotoba.site CROSS JOIN generate_series(1, 5) AS weekday;

INSERT INTO shigotoba.holiday (site_id, days, name, name_en)
SELECT site_id, daterange('2026-11-03', '2026-11-04'), '文化の日', 'Culture Day' FROM shigotoba.site;

INSERT INTO shigotoba.use_15min (space_id, bucket, occupied_s, vacant_s, presses, open_occupied_s, open_vacant_s, sessions)
SELECT space_id, bucket, 900 * busy, 900 * (1 - busy), 0, opened * 900 * busy, opened * 900 * (1 - busy),
       CASE WHEN busy > 0.5 AND minute = 0 THEN 1 ELSE 0 END
FROM shigotoba.space
CROSS JOIN generate_series(date_trunc('day', %(now)s::timestamptz, 'Asia/Tokyo') - interval '35 days',
                           date_trunc('day', %(now)s::timestamptz, 'Asia/Tokyo') - interval '1 day 15 minutes',
                           interval '15 minutes') AS bucket
CROSS JOIN LATERAL (SELECT bucket AT TIME ZONE 'Asia/Tokyo' AS local) AS zoned
CROSS JOIN LATERAL (SELECT extract(hour FROM local)::int AS hour, extract(minute FROM local)::int AS minute,
                           extract(isodow FROM local)::int AS weekday) AS clock
CROSS JOIN LATERAL (SELECT CASE WHEN weekday < 6 AND local::time >= '08:30' AND local::time < '17:15'
                                 AND local::date <> '2026-11-03' THEN 1 ELSE 0 END AS opened) AS hours
CROSS JOIN LATERAL (SELECT CASE WHEN opened = 0 THEN 0.0
                                ELSE greatest(0, least(1, 0.85 - 0.12 * abs(hour - 11) - 0.08 * abs(weekday - 3)
                                                          + ((space_id * 7 + weekday) %% 5 - 2) * 0.1)) END AS busy) AS amount
WHERE kind IN ('seat', 'booth') AND code <> '3f-s03' AND hour BETWEEN 7 AND 19 AND local::date <> '2026-11-10';

UPDATE shigotoba.use_day SET revised_at = %(now)s WHERE day = '2026-11-12';
UPDATE shigotoba.use_floor_day SET revised_at = %(now)s WHERE day = '2026-11-12';
