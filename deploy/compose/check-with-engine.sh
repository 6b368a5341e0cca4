#!/bin/sh
# Everything about the compose stack that needs a container engine, in one script; `make test` checks the rest without one.
# It builds the images, starts a stack of its own beside any other (project shigotoba-check), asks every health check,
# and takes the stack away again with its data. Run as root: sudo sh deploy/compose/check-with-engine.sh
set -eu
cd "$(dirname "$0")/../.."
fail() { printf 'check-with-engine: %s\n' "$*" >&2; exit 1; }
docker version >/dev/null 2>&1 || fail "no container engine answers here. Run this on a machine with Docker Engine."
[ -f .env ] || fail ".env is missing: run deploy/compose/first-start.sh first."
export COMPOSE_PROJECT_NAME=shigotoba-check HTTPS_PORT=18443 HTTP_PORT=18080 MQTT_PORT=18883 GRAFANA_PORT=13000
trap 'docker compose --profile observe down --volumes --timeout 20' EXIT

docker compose --profile observe --profile simulate --profile tools config --quiet
sh deploy/compose/first-start.sh
docker compose --profile observe up --detach --wait --wait-timeout 300
for service in database broker ingest rollup jobs api metrics dashboard proxy prometheus grafana; do
    state=$(docker compose ps --format '{{.Health}}' "$service")
    [ "$state" = healthy ] || fail "$service is $state"
done
docker compose exec -T prometheus promtool check config /etc/prometheus/prometheus.yml
docker compose exec -T proxy caddy validate --config /etc/shigotoba/Caddyfile --adapter caddyfile
docker compose exec -T api python -c 'import os; assert os.getuid() == 10001'
printf 'check-with-engine: all parts are healthy\n'
