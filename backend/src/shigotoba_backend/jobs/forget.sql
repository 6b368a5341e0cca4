-- name: notices
DELETE FROM shigotoba.notice WHERE made_at < %(before)s

-- name: deliveries
DELETE FROM shigotoba.webhook_delivery WHERE state <> 'waiting' AND next_at < %(before)s

-- name: purposes
UPDATE shigotoba.booking SET purpose = NULL WHERE purpose IS NOT NULL AND upper(booked) < %(before)s
