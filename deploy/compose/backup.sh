#!/bin/sh
# Writes the compose stack's database into a file on this machine, while everything runs. The file appears once it is whole.
# sudo sh deploy/compose/backup.sh /backup/2026-11-21.dump
# Back again: deploy/compose/restore.sh.
set -eu
file=${1:?name the file to write}
case $file in /*) ;; *) file=$PWD/$file ;; esac
cd "$(dirname "$0")/../.."
[ ! -e "$file" ] || { printf 'backup: %s is there already; a backup is never written over\n' "$file" >&2; exit 1; }
umask 077
trap 'rm -f "$file.partial"' EXIT
docker compose exec -T database pg_dump --username shigotoba --format custom shigotoba > "$file.partial"
docker compose exec -T database pg_restore --list < "$file.partial" > /dev/null
mv "$file.partial" "$file"
