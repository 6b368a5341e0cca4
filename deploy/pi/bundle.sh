#!/bin/sh
# Makes shigotoba-pi.tar.gz: our wheels, the locked requirements and the installer, for a Pi without a checkout.
# Run it in a checkout that `make setup` has set up:  sh deploy/pi/bundle.sh [OUTPUT]
set -eu

source=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
output=${1:-$source/shigotoba-pi.tar.gz}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/shigotoba-pi"
PATH="$source/.venv/bin:$PATH" "$source/.venv/bin/python" -m pip --disable-pip-version-check --quiet wheel \
    --no-deps --no-build-isolation --wheel-dir "$work/shigotoba-pi/wheels" \
    "$source/wire" "$source/booth" "$source/edge" "$source/gateway"
(cd "$source" && tar cf - requirements/pi.txt deploy/pi deploy/mosquitto/local.conf docs/electrician.md) |
    tar xf - -C "$work/shigotoba-pi"
tar czf "$output" -C "$work" shigotoba-pi
printf '%s\n' "$output"
