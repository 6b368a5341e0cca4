-- %(many)s sections, each within the one before it; the last is served by the printer 3-P1, so that all of them are.

INSERT INTO shigotoba.section (organisation_id, code, name, name_en)
SELECT organisation_id, 'within' || number, '第' || number || '課', 'Section ' || number
FROM shigotoba.site, generate_series(1, %(many)s) AS number
ON CONFLICT (organisation_id, code) DO NOTHING;

UPDATE shigotoba.section SET part_of = above.section_id
FROM shigotoba.section AS above
WHERE substr(section.code, 7)::int = substr(above.code, 7)::int + 1;

DELETE FROM shigotoba.section_place;
INSERT INTO shigotoba.section_place (section_id, space_id)
SELECT section_id, space_id FROM shigotoba.section, shigotoba.space
WHERE section.code = 'within' || %(many)s AND space.code = '3f-p1';

DELETE FROM shigotoba.headcount;
INSERT INTO shigotoba.headcount (site_id, section_id, as_of, people)
SELECT site_id, section_id, '2020-04-01', 9 FROM shigotoba.site, shigotoba.section
WHERE section.code = 'within' || %(many)s;

INSERT INTO shigotoba.printing_hour (device_id, bucket, impressions_total)
SELECT device_id, %(now)s::timestamptz - interval '1 day', 100 FROM shigotoba.device WHERE kind = 'mfp'
ON CONFLICT DO NOTHING;
