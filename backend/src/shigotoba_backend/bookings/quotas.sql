-- name: had
-- What a person has or had within a stretch, and whether it still keeps a booth.
SELECT lower(during), upper(during), state IN ('held', 'checked_in') AND shigotoba.booking_state_v1(state, during, lapses_at, %(now)s) = state
FROM shigotoba.booking
WHERE owner_id = %(owner_id)s AND booking_id IS DISTINCT FROM %(besides)s AND NOT isempty(during)
  AND upper(during) > %(start)s AND lower(during) < %(end)s
  AND shigotoba.booking_state_v1(state, during, lapses_at, %(now)s) IN ('held', 'checked_in', 'ended')

-- name: strikes
SELECT count(*), max(at) FROM shigotoba.strike
WHERE person_id = %(person_id)s AND at > %(since)s AND state IN ('stands', 'upheld')

-- name: home_site
SELECT site.code FROM shigotoba.person JOIN shigotoba.site ON site.site_id = person.home_site_id
WHERE person_id = %(person_id)s
