#!/bin/sh
# Resolves the workspace again and writes the locked requirements: versions and hashes, no index address.
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null 2>&1 || { echo "lock: uv was not found. Install it with: pip install uv" >&2; exit 1; }
uv lock --quiet
export_to() {
    file=$1
    shift
    uv export --quiet --frozen --no-emit-workspace --no-header --no-annotate "$@" -o "requirements/$file.txt" >/dev/null
}
export_to demo --only-group demo
export_to dev --all-packages --group dev
export_to build --only-group build
export_to installer --only-group installer
export_to backend --no-dev --package shigotoba-backend
export_to dashboard --no-dev --package shigotoba-dashboard
export_to sim --no-dev --package shigotoba-sim
export_to pi --no-dev --package shigotoba-edge --package shigotoba-gateway
