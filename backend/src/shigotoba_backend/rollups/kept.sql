-- name: kept_from_ms
SELECT (date_part('epoch', kept_from) * 1000)::bigint FROM shigotoba.retention
