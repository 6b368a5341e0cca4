-- Sections with everything they are part of, and headcounts with the days they hold for.

CREATE RECURSIVE VIEW shigotoba.section_above_v1 (section_id, above_id) AS
SELECT section_id, section_id FROM shigotoba.section
UNION
SELECT section_above_v1.section_id, section.part_of
FROM section_above_v1 JOIN shigotoba.section ON section.section_id = section_above_v1.above_id
WHERE section.part_of IS NOT NULL;

CREATE VIEW shigotoba.headcount_span_v1 AS
SELECT site_id, section_id, floor_id, people, daterange(
    as_of, lead(as_of) OVER (PARTITION BY site_id, section_id, floor_id ORDER BY as_of)
) AS days
FROM shigotoba.headcount;
