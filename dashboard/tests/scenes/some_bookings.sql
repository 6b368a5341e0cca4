-- Of one booth on 27 October: somebody came and left early, nobody came, and one cancelled ten minutes before.
INSERT INTO shigotoba.booking (space_id, during, booked, barred, state, source, made_at, check_in_from, lapses_at,
                               checked_in_at, checked_in_by, ended_at)
SELECT space_id, CASE WHEN became = 'cancelled' THEN 'empty' ELSE tstzrange(at, ended) END,
       tstzrange(at, at + interval '1 hour'), 'empty', became, 'phone', at - interval '1 day', at,
       at + interval '10 minutes', came, CASE WHEN came IS NOT NULL THEN 'phone' END, ended
FROM shigotoba.space
CROSS JOIN (
    VALUES (timestamptz '2026-10-27 10:00+9', timestamptz '2026-10-27 10:05+9', timestamptz '2026-10-27 10:45+9', 'ended'),
           ('2026-10-27 13:00+9', NULL, '2026-10-27 13:10+9', 'released'),
           ('2026-10-27 15:00+9', NULL, '2026-10-27 14:50+9', 'cancelled')
) AS told (at, came, ended, became)
WHERE space.code = '3f-b1';

-- Whoever booked was seen; later somebody was seen without a booking and without a press.
INSERT INTO shigotoba.booth_session (space_id, during)
SELECT space_id, tstzrange(began, ended)
FROM shigotoba.space
CROSS JOIN (
    VALUES (timestamptz '2026-10-27 10:06+9', timestamptz '2026-10-27 10:40+9'),
           ('2026-10-27 16:00+9', '2026-10-27 16:10+9')
) AS seen (began, ended)
WHERE space.code = '3f-b1';
