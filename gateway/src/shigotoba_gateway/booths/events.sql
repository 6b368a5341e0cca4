-- Booth events in the spool's file: numbered within the spool's epoch, kept until receipted and reflected in a schedule.

-- name: next_number
SELECT coalesce(max(number), 0) + 1 FROM booth_event WHERE epoch = :epoch

-- name: keep
INSERT INTO booth_event (epoch, number, at_ms, payload) VALUES (:epoch, :number, :at_ms, :payload)

-- name: all
SELECT epoch, payload FROM booth_event ORDER BY at_ms, number

-- name: unreceipted
SELECT epoch, payload FROM booth_event WHERE receipted = 0 ORDER BY epoch, number LIMIT :most

-- name: count_unreceipted
SELECT count(*) FROM booth_event WHERE receipted = 0

-- name: receipt
UPDATE booth_event SET receipted = 1 WHERE epoch = :epoch AND number >= :first AND number < :end

-- name: forget
DELETE FROM booth_event
WHERE receipted = 1 AND at_ms < :before_ms AND number < (SELECT max(number) FROM booth_event AS newest WHERE newest.epoch = booth_event.epoch)
