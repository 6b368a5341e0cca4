#!/bin/sh
# Brings the authority of a stack that was backed up into this one, before it makes one of its own. Part of first-start.sh.
# authority.sh FILE COMMAND...   FILE from backup.sh (….authority.tar); COMMAND runs tar where the authority lives
set -eu
file=$1
shift
if "$@" -C /var/lib/shigotoba/authority -cf - . | tar -tf - | grep -q 'ca\.key$'; then
    printf 'authority: there is one here already; it is left as it is.\n' >&2
    exit 0
fi
tar -tf "$file" | grep -q 'ca\.key$' || { printf 'authority: %s holds none.\n' "$file" >&2; exit 1; }
"$@" -C /var/lib/shigotoba/authority -xf - < "$file"
