#!/bin/sh
# The platform's authority, and the certificates of its broker and of its parts. Part of first-start.sh; it needs no
# container engine, only a command that runs the backend's: the stack's `tools`, or Python on this machine.
# certificates.sh HOST SETTINGS SECRETS OUT COMMAND...   SETTINGS and OUT as COMMAND sees them, SECRETS as this machine does
set -eu
host=$1
settings=$2
secrets=$3
out=$4
shift 4

if ! "$@" shigotoba_backend ca show --settings "$settings" > /dev/null 2>&1; then
    # Certificates without their authority: those of another machine. A second authority would shut out every gateway.
    if [ -s "$secrets/broker.pem" ]; then
        printf 'certificates: %s holds certificates of an authority that is not here. Bring it back: %s\n' "$secrets" \
            "first-start.sh --authority FILE, with the .authority.tar of the last backup." >&2
        exit 1
    fi
    "$@" shigotoba_backend ca init --name "Shigotoba $host" --settings "$settings"
fi
"$@" shigotoba_backend ca crl --settings "$settings"
[ -s "$secrets/broker.pem" ] \
    || "$@" shigotoba_backend ca server broker "$host" broker --out "$out" --settings "$settings"
for service in ingest api jobs; do
    [ -s "$secrets/$service.pem" ] || "$@" shigotoba_backend ca service $service --out "$out" --settings "$settings"
done
