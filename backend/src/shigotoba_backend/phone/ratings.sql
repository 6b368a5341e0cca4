-- name: is_rated
SELECT FROM shigotoba.booking_rated WHERE booking_id = %(booking_id)s

-- name: note_rated
INSERT INTO shigotoba.booking_rated (booking_id) VALUES (%(booking_id)s) ON CONFLICT DO NOTHING

-- name: count_rating
INSERT INTO shigotoba.booth_rating AS known (space_id, month, score, votes)
VALUES (%(space_id)s, %(month)s, %(score)s, 1)
ON CONFLICT (space_id, month, score) DO UPDATE SET votes = known.votes + 1

-- name: open_survey
SELECT survey_id FROM shigotoba.survey JOIN shigotoba.site USING (site_id)
WHERE site.code = %(site)s AND days @> %(today)s::date AND NOT EXISTS (
    SELECT FROM shigotoba.survey_answered AS done
    WHERE done.survey_id = survey.survey_id AND done.person_id = %(person_id)s)

-- name: note_answered
INSERT INTO shigotoba.survey_answered (survey_id, person_id) VALUES (%(survey_id)s, %(person_id)s)
ON CONFLICT DO NOTHING

-- name: count_answer
INSERT INTO shigotoba.survey_vote AS known (survey_id, question, score, votes)
VALUES (%(survey_id)s, %(question)s, %(score)s, 1)
ON CONFLICT (survey_id, question, score) DO UPDATE SET votes = known.votes + 1

-- name: hold_survey
INSERT INTO shigotoba.survey (site_id, fiscal_year, days)
SELECT site_id, %(fiscal_year)s, daterange(%(first)s, %(beyond)s) FROM shigotoba.site WHERE code = %(site)s
ON CONFLICT (site_id, fiscal_year) DO UPDATE SET days = excluded.days
