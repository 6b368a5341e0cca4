-- name: listen
LISTEN shigotoba_booth
