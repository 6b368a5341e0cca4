#!/bin/sh
# Brings a backup back into the compose stack. The database of now is not lost: it is kept under another name.
# sudo sh deploy/compose/restore.sh /backup/2026-11-21.dump
# On a new machine first: the .env and deploy/compose/secrets of the old one, then
# first-start.sh --authority /backup/2026-11-21.dump.authority.tar, then this.
set -eu
file=${1:?name the backup to bring back}
case $file in /*) ;; *) file=$PWD/$file ;; esac
cd "$(dirname "$0")/../.."
steps=deploy/compose/restore
aside=shigotoba_before_$(date +%Y%m%d_%H%M%S)

say() { printf '%s\n' "$*" >&2; }
fail() { say "restore: $*"; exit 1; }
in_database() { docker compose exec -T database "$@"; }
run_sql() { in_database psql --username shigotoba --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set aside="$aside" --dbname "$1" > /dev/null; }

[ -s "$file" ] || fail "$file is not there or empty."
contents=$(in_database pg_restore --list < "$file") || fail "$file is no backup that pg_restore can read; nothing was changed."
has_timescaledb() { printf '%s\n' "$contents" | grep -q 'EXTENSION - timescaledb'; }

say "1/3 stopping everything but the database"
docker compose ps --services | grep -vx database | xargs -r docker compose stop

say "2/3 keeping the database of now as $aside"
run_sql postgres < $steps/aside.sql

say "3/3 bringing back $file"
back() { say "restore: not finished. The database of before is whole, as $aside; this script may be run again with another file."; }
trap back EXIT
if has_timescaledb; then run_sql shigotoba < $steps/before.sql; fi
in_database pg_restore --username shigotoba --dbname shigotoba --exit-on-error --no-owner < "$file"
if has_timescaledb; then run_sql shigotoba < $steps/after.sql; fi
trap - EXIT
say "Done. Start everything: docker compose up -d. Once all is well, drop the old one:"
say "docker compose exec database dropdb --username shigotoba $aside"
