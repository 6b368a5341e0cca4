#!/bin/sh
# Writes the generated documents again. Each takes the place of the one before only when it is whole.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}

write() {
    page=$1
    shift
    new=$(mktemp "$page.XXXXXX")
    if "$python" "$@" > "$new"; then
        chmod 644 "$new"
        mv "$new" "$page"
    else
        rm -f "$new"
        printf 'docs: %s is left as it was, for it could not be written again.\n' "$page" >&2
        exit 1
    fi
}

write docs/asyncapi.yaml -m shigotoba_wire.asyncapi
write docs/metrics.md -m shigotoba_backend.metrics.page
write docs/settings.md scripts/settings_page.py
write docs/openapi.json -m shigotoba_backend.api.openapi
write docs/indicators.md -m shigotoba_backend.indicators.page
write docs/errors.md -m shigotoba_backend.api.errors_page
