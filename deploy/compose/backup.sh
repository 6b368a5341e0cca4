#!/bin/sh
# Writes the compose stack's database into a file on this machine, while everything runs, and beside it the authority of its
# gateways (<file>.authority.tar: whoever has it can be any gateway). Each file appears once it is whole.
# sudo sh deploy/compose/backup.sh /backup/2026-11-21.dump
# Back again: deploy/compose/restore.sh.
set -eu
file=${1:?name the file to write}
case $file in /*) ;; *) file=$PWD/$file ;; esac
cd "$(dirname "$0")/../.."
authority=$file.authority.tar
for each in "$file" "$authority"; do
    [ ! -e "$each" ] || { printf 'backup: %s is there already; a backup is never written over\n' "$each" >&2; exit 1; }
done
umask 077
trap 'rm -f "$file.partial" "$authority.partial"' EXIT
docker compose run --rm --no-deps -T --entrypoint tar tools -C /var/lib/shigotoba/authority -cf - . > "$authority.partial"
tar -tf "$authority.partial" | grep -q 'ca\.key$' || { printf 'backup: this stack has no authority yet; run first-start.sh\n' >&2; exit 1; }
docker compose exec -T database pg_dump --username shigotoba --format custom shigotoba > "$file.partial"
docker compose exec -T database pg_restore --list < "$file.partial" > /dev/null
mv "$authority.partial" "$authority"
mv "$file.partial" "$file"
