-- An officer of a department sees the figures of the own section and those of the whole, not those of other sections.

ALTER TABLE shigotoba.role_grant DROP CONSTRAINT role_grant_role_check;
ALTER TABLE shigotoba.role_grant ADD CONSTRAINT role_grant_role_check CHECK (
    role IN ('staff', 'department', 'facility', 'site_admin', 'organisation_admin', 'auditor', 'executive')
);

-- The sections whose figures are a person's own: the section the person belongs to, and what is part of it.
CREATE VIEW shigotoba.own_section_v1 AS
SELECT person.person_id, section.code
FROM shigotoba.person
JOIN shigotoba.section_above_v1 ON section_above_v1.above_id = person.section_id
JOIN shigotoba.section ON section.section_id = section_above_v1.section_id;
