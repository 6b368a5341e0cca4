#!/bin/sh
# Everything about the compose stack that needs a container engine, in one script; `make test` checks the rest without one.
# It works in a copy of this tree, so that no secret or setting here is touched: builds the images, starts a stack of its own
# beside any other (project, ports and subnet are others), asks every health check, and takes stack, data and copy away again.
# Run as root: sudo sh deploy/compose/check-with-engine.sh
# Each check is a line of `checks` and a function; without an engine the lines are what has not been checked. Status 2 then.
set -eu
cd "$(dirname "$0")/../.."
export COMPOSE_PROJECT_NAME=shigotoba-check HTTPS_PORT=18443 HTTP_PORT=18080 MQTT_PORT=18883 GRAFANA_PORT=13000
say() { printf 'check-with-engine: %s\n' "$*" >&2; }

checks='configuration: docker compose config accepts docker-compose.yml with every profile
first_start: first-start.sh builds the images, makes volumes, database, authority and the first administrator
start: every service starts
health: every health check is green
prometheus: promtool accepts the configuration and the alerts
proxy: Caddy accepts its configuration
broker: Mosquitto of the stack is 2.1 or newer
identity: our parts run as user 10001'

configuration() { docker compose --profile observe --profile simulate --profile tools config --quiet; }
first_start() { sh deploy/compose/first-start.sh; }
start() { docker compose --profile observe up --detach --wait --wait-timeout 300; }
health() {
    for service in database broker ingest rollup jobs api metrics dashboard proxy prometheus grafana; do
        state=$(docker compose ps --format '{{.Health}}' "$service")
        [ "$state" = healthy ] || { say "$service is $state"; return 1; }
    done
}
prometheus() { docker compose exec -T prometheus promtool check config /etc/prometheus/prometheus.yml; }
proxy() { docker compose exec -T proxy caddy validate --config /etc/shigotoba/Caddyfile --adapter caddyfile; }
broker() { docker compose exec -T broker mosquitto -h | grep -Eq 'version (2\.[1-9]|[3-9])'; }
identity() { docker compose exec -T api python -c 'import os; assert os.getuid() == 10001'; }

if ! docker version > /dev/null 2>&1 || ! docker compose version > /dev/null 2>&1; then
    say "no container engine with docker compose answers here. Not checked:"
    printf '%s\n' "$checks" | sed 's/^[a-z_]*: /  - /' >&2
    say "run this on a machine with Docker Engine."
    exit 2
fi
copy=$(mktemp -d)
away() {
    docker compose --profile observe down --volumes --timeout 20 || say "containers of $COMPOSE_PROJECT_NAME may be left over."
    cd / && rm -rf "$copy"
}
trap away EXIT
tar -cf - --exclude ./.git --exclude ./.venv --exclude ./build --exclude ./.env \
    --exclude './deploy/compose/secrets/*' . | tar -xf - -C "$copy"
cd "$copy"
cp .env.example .env
sed -i 's/172\.30\.7\./172.30.107./g' docker-compose.yml deploy/compose/settings/backend.toml.in
for check in $(printf '%s\n' "$checks" | cut -d : -f 1); do
    "$check" || { say "NOT GOOD: $check"; exit 1; }
    say "good: $check"
done
