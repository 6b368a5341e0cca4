#!/bin/sh
# The stack's broker, and one who watches beside it. The platform writes the access list, the revocations and its authority's
# certificate from another container and cannot ask the broker to read them; the watcher can, and does within seconds.
# broker.sh CONFIGURATION DIRECTORY    DIRECTORY holds acl, crl.pem and ca.pem
set -eu
configuration=$1
directory=$2
broker=$$

written() { cksum "$directory/acl" "$directory/crl.pem" "$directory/ca.pem" 2> /dev/null; }
# SIGHUP ends a mosquitto that is still starting. Once it catches the signal, the mask of those it catches is odd.
minds_hangup() { grep -q '^SigCgt:.*[13579bdf]$' "/proc/$broker/status"; }
watch() {
    while sleep 2 && [ -d "/proc/$broker" ]; do
        now=$(written) || continue
        [ "$now" != "$known" ] || continue
        minds_hangup || continue
        kill -HUP "$broker"
        known=$now
    done
}

known=$(written) || known=''
watch &
exec mosquitto -c "$configuration"
