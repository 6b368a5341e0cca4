#!/bin/sh
# Settings and secrets of the compose stack, in deploy/compose of the directory this is run in. Part of first-start.sh;
# it needs no container engine. files.sh HOST
set -eu
host=$1
settings=deploy/compose/settings
secrets=deploy/compose/secrets

# The containers' user reads the settings, and nobody but it the secrets.
umask 022
for service in ingest api jobs; do
    sed -e "s/@HOST@/$host/" -e "s/@SERVICE@/$service/" $settings/backend.toml.in > $settings/$service.toml
done
cp $settings/api.toml $settings/backend.toml

umask 077
mkdir -p $secrets
new_secret() { [ -s "$secrets/$1" ] || head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' > "$secrets/$1"; }
new_secret database_password
new_secret grafana_password
printf 'database:5432:shigotoba:shigotoba:%s\n' "$(cat $secrets/database_password)" > $secrets/pgpass
