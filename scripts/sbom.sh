#!/bin/sh
# Writes a software bill of materials per distribution (CycloneDX 1.5, JSON) into build/sbom/, from the resolved workspace.
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null 2>&1 || { echo "sbom: uv was not found. Install it with: pip install uv" >&2; exit 1; }
mkdir -p build/sbom
uv lock --quiet
for member in gateway edge backend dashboard standalone sim; do
    uv export --quiet --frozen --no-dev --preview-features sbom-export --format cyclonedx1.5 \
        --package "shigotoba-$member" -o "build/sbom/$member.cdx.json" >/dev/null
    echo "build/sbom/$member.cdx.json"
done
