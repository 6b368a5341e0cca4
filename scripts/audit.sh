#!/bin/sh
# Asks the public advisory service about every locked library.
# Status 0: nothing is known against them; 1: something is; 2: nobody could be asked.
set -eu
cd "$(dirname "$0")/.."
within_s=${AUDIT_WITHIN_S:-300}

unknown() {
    printf 'audit: %s Nothing is known about the libraries now.\n' "$1" >&2
    printf 'audit: In a closed network bring a database of advisories along: .venv/bin/python scripts/audit_offline.py all.zip (docs/security.md)\n' >&2
    exit 2
}

command -v uv >/dev/null 2>&1 || unknown "uv was not found; install it with: pip install uv."
status=0
timeout "$within_s" uv audit --preview-features audit-command || status=$?
case $status in
    0) ;;
    1) printf 'audit: known holes, see above.\n' >&2; exit 1 ;;
    124) unknown "no answer within $within_s seconds." ;;
    *) unknown "the advisory service, or the index of the libraries, could not be asked (the reason is above)." ;;
esac
