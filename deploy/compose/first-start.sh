#!/bin/sh
# The first start of the compose stack: settings, secrets, volumes, authority, certificates, the first administrator.
# Run as root from anywhere: sudo sh deploy/compose/first-start.sh. What is there is left as it is, so it may be run again.
# With --simulate also a simulated building with a year of history, for a demonstration (profile simulate). On a machine that
# takes another's place: --authority FILE, the .authority.tar of its last backup, so that its gateways stay at home here.
set -eu
umask 022
simulate='' authority=''
while [ $# -gt 0 ]; do
    case $1 in
        --simulate) simulate=yes ;;
        --authority) [ -s "${2:-}" ] || { printf 'first-start: --authority needs a file.\n' >&2; exit 1; }
            authority=$(realpath "$2"); shift ;;
        *) printf 'first-start: %s is no option.\n' "$1" >&2; exit 1 ;;
    esac
    shift
done
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

say "1/5 settings for $host, and secrets"
sh deploy/compose/first/files.sh "$host"
chown -R $owner:$owner $secrets
chown 472:0 $secrets/grafana_password

say "2/5 images and volumes"
compose build --quiet
compose run --rm volumes

say "3/5 database"
compose up --detach --wait database
compose run --rm migrate

say "4/5 authority and certificates"
[ -z "$authority" ] || sh deploy/compose/first/authority.sh "$authority" \
    docker compose run --rm --no-deps -T --entrypoint tar tools
sh deploy/compose/first/certificates.sh "$host" /etc/shigotoba/backend.toml $secrets /run/shigotoba-secrets \
    docker compose run --rm tools

if [ -n "$simulate" ]; then
    say "4b  a simulated building"
    [ -s $settings/sim.toml ] || sed -e "s/@OPENED@/$(date -d '1 year ago' +%F)/" -e "s/@NOW@/$(date +%FT%T%:z)/" \
        $settings/sim.toml.in > $settings/sim.toml
    [ -s $secrets/simulator.pem ] || tool ca service simulator --out /run/shigotoba-secrets
    compose run --rm simulator shigotoba_sim describe --settings /etc/shigotoba/sim.toml --out /var/lib/shigotoba/simulator/site.json
    compose run --rm -v shigotoba_simulator:/var/lib/shigotoba/simulator:ro tools shigotoba_backend site-import \
        /var/lib/shigotoba/simulator/site.json --settings /etc/shigotoba/backend.toml
fi

say "5/5 the first administrator (a password will be asked for)"
compose run --rm tools shigotoba_backend account create admin --name "Administrator" --role organisation_admin --if-missing \
    --settings /etc/shigotoba/backend.toml

say "Done. Start everything: docker compose up -d. Then https://$host/ and the next step in docs/install.md: your site file."
