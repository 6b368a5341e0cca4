#!/bin/sh
# Installs edge agent and gateway on 64-bit Raspberry Pi OS or Debian, 12 or 13. May be run again at any time.
#
#   sudo sh install.sh                what is missing or older is installed; settings and data are never touched
#   sudo sh install.sh --dry-run      only says what would be done
#   sudo sh install.sh --uninstall    removes the programs and units; settings and data stay
#   sudo sh install.sh --uninstall --purge    removes those too: readings that wait here are lost
#   sh install.sh --root DIR          under DIR, to look at; no packages, nothing is started (for an image: chroot)
#
# It runs from a checkout, or from the archive that bundle.sh makes (wheels/ beside it, no compiler or index of ours).
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
source=$(CDPATH='' cd -- "$here/../.." && pwd)
root='' dry='' uninstall='' purge=''
python=${PYTHON:-python3}

say() { printf '%s\n' "$*"; }
fail() { printf 'install: %s\n' "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
    case $1 in
        --dry-run) dry=yes ;;
        --uninstall) uninstall=yes ;;
        --purge) purge=yes ;;
        --root) [ $# -gt 1 ] || fail "--root needs a directory"; root=${2%/}; shift ;;
        -h | --help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) fail "$1 is no option; see --help" ;;
    esac
    shift
done

# Does it, or says that it would.
act() {
    if [ -n "$dry" ]; then say "would: $*"; else "$@"; fi
}

# On a running system only: packages and services are not ours to touch under --root.
live() {
    [ -n "$root" ] || act "$@"
}

check_system() {
    [ -n "$root" ] || [ "$(id -u)" -eq 0 ] || fail "needs root: sudo sh $0"
    [ -n "$root" ] || [ -r /etc/os-release ] || fail "this is no Debian; see docs/electrician.md for other systems"
    if [ -z "$root" ]; then
        # shellcheck disable=SC1091
        version=$(. /etc/os-release && printf '%s' "${VERSION_ID:-}")
        case $version in
            12 | 13) ;;
            *) fail "Debian $version is not supported; use 12 or 13 (Raspberry Pi OS Bookworm or Trixie)" ;;
        esac
        case $(uname -m) in
            aarch64 | x86_64) ;;
            *) fail "$(uname -m) is not supported; use the 64-bit system" ;;
        esac
    fi
}

packages() {
    missing=''
    for package in mosquitto python3-venv bluez; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    live env DEBIAN_FRONTEND=noninteractive apt-get -q update
    # Word splitting is meant: one package per word.
    # shellcheck disable=SC2086
    live env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing
}

# The programs: requirements locked by version and hash, then our own wheels, which need nothing else.
programs() {
    venv=$root/opt/shigotoba
    [ -x "$venv/bin/python" ] || act "$python" -m venv "$venv"
    pip="$venv/bin/python -m pip --disable-pip-version-check --quiet"
    # shellcheck disable=SC2086
    act $pip install --require-hashes -r "$source/requirements/pi.txt"
    if [ -d "$source/wheels" ]; then
        # shellcheck disable=SC2086
        act $pip install --no-deps --no-index --force-reinstall "$source"/wheels/*.whl
    else
        # shellcheck disable=SC2086
        act $pip install --no-deps --force-reinstall "$source/wire" "$source/booth" "$source/edge" "$source/gateway"
    fi
    act mkdir -p "$root/usr/local/bin"
    for command in shigotoba-gateway shigotoba-edge; do
        act ln -sfn "/opt/shigotoba/bin/$command" "$root/usr/local/bin/$command"
    done
}

# Copies a file if it is not there in the same form.
put() {
    if cmp -s "$1" "$root$2"; then return 0; fi
    act install -D -m "${3:-644}" "$1" "$root$2"
}

files() {
    for unit in shigotoba-gateway shigotoba-edge shigotoba-claim; do
        put "$here/$unit.service" "/etc/systemd/system/$unit.service"
    done
    put "$here/journald.conf" /etc/systemd/journald.conf.d/60-shigotoba.conf
    put "$here/sysusers.conf" /usr/lib/sysusers.d/shigotoba.conf
    put "$here/60-shigotoba.rules" /etc/udev/rules.d/60-shigotoba.rules
    put "$source/deploy/mosquitto/local.conf" /etc/mosquitto/conf.d/shigotoba.conf
    put "$here/mosquitto/main.conf" /etc/mosquitto/shigotoba.conf
    put "$here/mosquitto/unit.conf" /etc/systemd/system/mosquitto.service.d/60-shigotoba.conf
    put "$source/docs/electrician.md" /usr/local/share/doc/shigotoba/electrician.md
    [ -d "$root/etc/shigotoba/secrets" ] || act install -d -m 700 "$root/etc/shigotoba/secrets"
    [ -d "$root/etc/mosquitto/shigotoba" ] || act install -d -m 700 "$root/etc/mosquitto/shigotoba"
    for empty in passwords acl; do
        [ -e "$root/etc/mosquitto/shigotoba/$empty" ] || act install -m 600 /dev/null "$root/etc/mosquitto/shigotoba/$empty"
    done
    live chown -R mosquitto: /etc/mosquitto/shigotoba
}

services() {
    live systemd-sysusers
    live systemctl daemon-reload
    live udevadm control --reload
    live udevadm trigger --subsystem-match=leds --action=add
    live systemctl restart systemd-journald
    live systemctl enable shigotoba-claim.service shigotoba-gateway.service shigotoba-edge.service mosquitto.service
    live systemctl restart mosquitto.service
    live systemctl try-restart shigotoba-gateway.service shigotoba-edge.service
}

remove() {
    live systemctl disable --now shigotoba-edge.service shigotoba-gateway.service shigotoba-claim.service || true
    for file in /etc/systemd/system/shigotoba-gateway.service /etc/systemd/system/shigotoba-edge.service \
        /etc/systemd/system/shigotoba-claim.service /etc/systemd/journald.conf.d/60-shigotoba.conf \
        /usr/lib/sysusers.d/shigotoba.conf /etc/udev/rules.d/60-shigotoba.rules \
        /etc/mosquitto/conf.d/shigotoba.conf /etc/mosquitto/shigotoba.conf \
        /etc/systemd/system/mosquitto.service.d/60-shigotoba.conf /usr/local/bin/shigotoba-gateway \
        /usr/local/bin/shigotoba-edge; do
        act rm -f "$root$file"
    done
    act rm -rf "$root/opt/shigotoba" "$root/usr/local/share/doc/shigotoba"
    if [ -n "$purge" ]; then
        act rm -rf "$root/etc/shigotoba" "$root/etc/mosquitto/shigotoba"
        for state in shigotoba-gateway shigotoba-edge; do
            act rm -rf "$root/var/lib/private/$state" "$root/var/lib/$state"
        done
    fi
    live systemctl daemon-reload
    live systemctl try-restart mosquitto.service
    say "removed; $([ -n "$purge" ] && echo 'settings and data too' || echo 'settings and data stay in /etc/shigotoba and /var/lib/private')"
}

check_system
if [ -n "$uninstall" ]; then
    remove
    exit 0
fi
[ -n "$root" ] || packages
programs
files
services
say "installed. Next: sudo shigotoba-gateway claim --agent edge-1"
