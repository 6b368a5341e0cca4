-- name: of_site
SELECT policy_id,
       CASE WHEN policy.organisation_id IS NOT NULL THEN 'organisation' WHEN policy.site_id IS NOT NULL THEN 'site'
            WHEN policy.zone_id IS NOT NULL THEN 'zone' ELSE 'booth' END AS place,
       coalesce(organisation.code, zone.code, space.code, site.code),
       lower(days), upper(days), rules
FROM shigotoba.site
CROSS JOIN shigotoba.booking_policy AS policy
LEFT JOIN shigotoba.organisation ON organisation.organisation_id = policy.organisation_id
LEFT JOIN shigotoba.zone ON zone.zone_id = policy.zone_id
LEFT JOIN shigotoba.space ON space.space_id = policy.space_id
WHERE site.code = %(site)s
  AND (policy.organisation_id = site.organisation_id OR policy.site_id = site.site_id OR zone.site_id = site.site_id
       OR space.site_id = site.site_id)
ORDER BY policy.organisation_id IS NULL, policy.site_id IS NULL, policy.zone_id IS NULL, 3, lower(days) NULLS FIRST

-- name: of_organisation
SELECT policy_id, 'organisation', organisation.code, lower(days), upper(days), rules
FROM shigotoba.booking_policy JOIN shigotoba.organisation USING (organisation_id)
WHERE organisation.code = %(organisation)s
ORDER BY lower(days) NULLS FIRST

-- name: put
INSERT INTO shigotoba.booking_policy (site_id, zone_id, space_id, days, rules)
SELECT CASE WHEN %(zone)s::text IS NULL AND %(booth)s::text IS NULL THEN site.site_id END,
       CASE WHEN %(booth)s::text IS NULL THEN zone.zone_id END, space.space_id, daterange(%(first)s, %(beyond)s),
       %(rules)s
FROM shigotoba.site
LEFT JOIN shigotoba.zone ON zone.site_id = site.site_id AND zone.code = %(zone)s
LEFT JOIN shigotoba.space ON space.site_id = site.site_id AND space.code = %(booth)s AND space.kind = 'booth'
WHERE site.code = %(site)s
  AND (%(zone)s::text IS NULL OR zone.zone_id IS NOT NULL) AND (%(booth)s::text IS NULL OR space.space_id IS NOT NULL)
RETURNING policy_id

-- name: put_for_organisation
INSERT INTO shigotoba.booking_policy (organisation_id, days, rules)
SELECT organisation_id, daterange(%(first)s, %(beyond)s), %(rules)s
FROM shigotoba.organisation WHERE code = %(organisation)s
RETURNING policy_id

-- name: drop
DELETE FROM shigotoba.booking_policy AS policy
USING shigotoba.site
WHERE policy.policy_id = %(policy_id)s AND site.code = %(site)s
  AND (policy.site_id = site.site_id
       OR policy.zone_id IN (SELECT zone_id FROM shigotoba.zone WHERE zone.site_id = site.site_id)
       OR policy.space_id IN (SELECT space_id FROM shigotoba.space WHERE space.site_id = site.site_id))
RETURNING rules, days, (SELECT code FROM shigotoba.zone WHERE zone.zone_id = policy.zone_id),
          (SELECT code FROM shigotoba.space WHERE space.space_id = policy.space_id)

-- name: drop_of_organisation
DELETE FROM shigotoba.booking_policy AS policy
USING shigotoba.organisation
WHERE policy.policy_id = %(policy_id)s AND organisation.code = %(organisation)s
  AND policy.organisation_id = organisation.organisation_id
RETURNING rules, days, NULL, NULL

-- name: contradiction
-- The first day on which a booth of the place would have a shortest booking that is longer than its longest; NULL
-- for always. Rules change on the days on which something said begins or ends.
WITH edges AS (
    SELECT coalesce(lower(%(days)s::daterange), DATE '0001-01-01') AS day
    UNION SELECT lower(days) FROM shigotoba.booking_policy
    UNION SELECT upper(days) FROM shigotoba.booking_policy
), booths AS (
    SELECT space.space_id, space.name
    FROM shigotoba.space
    JOIN shigotoba.site USING (site_id)
    LEFT JOIN shigotoba.organisation USING (organisation_id)
    LEFT JOIN shigotoba.zone ON zone.zone_id = space.zone_id
    WHERE space.kind = 'booth'
      AND (%(organisation)s::text IS NULL OR organisation.code = %(organisation)s)
      AND (%(site)s::text IS NULL OR site.code = %(site)s)
      AND (%(zone)s::text IS NULL OR %(booth)s::text IS NOT NULL OR zone.code = %(zone)s)
      AND (%(booth)s::text IS NULL OR space.code = %(booth)s)
)
SELECT booths.name, nullif(edges.day, DATE '0001-01-01'), lengths.shortest_min, lengths.longest_min
FROM booths
CROSS JOIN edges
CROSS JOIN LATERAL shigotoba.booth_rules_v1(booths.space_id, edges.day) AS rules
CROSS JOIN LATERAL (
    SELECT coalesce((rules ->> 'shortest_min')::int, %(shortest_min)s) AS shortest_min,
           coalesce((rules ->> 'longest_min')::int, %(longest_min)s) AS longest_min
) AS lengths
WHERE edges.day <@ %(days)s::daterange AND lengths.shortest_min > lengths.longest_min
ORDER BY edges.day, booths.name
LIMIT 1
