#!/bin/sh
# The first start of the compose stack: settings, secrets, volumes, authority, certificates, the first administrator.
# Run as root from anywhere: sudo sh deploy/compose/first-start.sh. What is there is left as it is, so it may be run again.
# With --simulate also a simulated building with a year of history, for a demonstration (profile simulate).
set -eu
cd "$(dirname "$0")/../.."
settings=deploy/compose/settings
secrets=deploy/compose/secrets
owner=10001

say() { printf '%s\n' "$*" >&2; }
fail() { say "first-start: $*"; exit 1; }
compose() { docker compose "$@"; }
tool() { compose run --rm tools shigotoba_backend "$@" --settings /etc/shigotoba/backend.toml; }

[ "$(id -u)" = 0 ] || fail "needs root, to give the secrets to the user the containers run as. Run: sudo sh $0"
[ -f .env ] || fail ".env is missing. Copy .env.example to .env and fill it in."
docker compose version >/dev/null 2>&1 || fail "docker compose was not found. Install Docker Engine with its compose plug-in."
host=$(sed -n 's/^SHIGOTOBA_HOST=//p' .env)
[ -n "$host" ] || fail "SHIGOTOBA_HOST in .env is empty. It is the name people type."

say "1/6 settings for $host"
for service in ingest api jobs; do
    sed -e "s/@HOST@/$host/" -e "s/@SERVICE@/$service/" $settings/backend.toml.in > $settings/$service.toml
done
cp $settings/api.toml $settings/backend.toml

say "2/6 secrets"
umask 077
mkdir -p $secrets
new_secret() { [ -s "$secrets/$1" ] || head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' > "$secrets/$1"; }
new_secret database_password
new_secret grafana_password
printf 'database:5432:shigotoba:shigotoba:%s\n' "$(cat $secrets/database_password)" > $secrets/pgpass
chown -R $owner:$owner $secrets
chown 472:0 $secrets/grafana_password

say "3/6 images and volumes"
compose build --quiet
compose run --rm volumes

say "4/6 database"
compose up --detach --wait database
compose run --rm migrate

say "5/6 authority and certificates"
compose run --rm --entrypoint test tools -s /var/lib/shigotoba/authority/ca.pem || tool ca init --name "Shigotoba $host"
tool ca crl
[ -s $secrets/broker.pem ] || tool ca server broker "$host" broker --out /run/shigotoba-secrets
for service in ingest api jobs; do
    [ -s $secrets/$service.pem ] || tool ca service $service --out /run/shigotoba-secrets
done

if [ "${1:-}" = --simulate ]; then
    say "5b  a simulated building"
    [ -s $settings/sim.toml ] || sed -e "s/@OPENED@/$(date -d '1 year ago' +%F)/" -e "s/@NOW@/$(date +%FT%T%:z)/" \
        $settings/sim.toml.in > $settings/sim.toml
    [ -s $secrets/simulator.pem ] || tool ca service simulator --out /run/shigotoba-secrets
    compose run --rm simulator shigotoba_sim describe --settings /etc/shigotoba/sim.toml --out /var/lib/shigotoba/simulator/site.json
    compose run --rm -v shigotoba_simulator:/var/lib/shigotoba/simulator:ro tools shigotoba_backend site-import \
        /var/lib/shigotoba/simulator/site.json --settings /etc/shigotoba/backend.toml
fi

say "6/6 the first administrator (a password will be asked for)"
compose run --rm tools shigotoba_backend account create admin --name "Administrator" --role organisation_admin --if-missing \
    --settings /etc/shigotoba/backend.toml

say "Done. Start everything: docker compose up -d. Then https://$host/ and the next step in docs/install.md: your site file."
