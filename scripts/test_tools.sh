#!/bin/sh
# Brings what the tests use besides Python packages: mosquitto, Chromium and Japanese fonts.
# As root on Debian it installs what is missing; elsewhere it says what is missing and what the tests run without.
# It never fails: a test that lacks its tool skips and says why.
set -eu

say() { printf '%s\n' "test tools: $*" >&2; }

has_mosquitto() { PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v mosquitto; }
has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
has_japanese() {
    find /usr/share/fonts /usr/local/share/fonts "${HOME:-/}/.fonts" "${HOME:-/}/.local/share/fonts" \
        \( -iname '*cjk*' -o -iname '*notosansjp*' -o -iname '*ipa*g*.ttf' -o -iname '*takao*' \) 2>/dev/null | grep -q .
}

# The Debian packages that are still missing, one per line.
missing() {
    has_mosquitto >/dev/null 2>&1 || echo mosquitto
    has_chromium >/dev/null 2>&1 || echo chromium
    has_japanese || echo fonts-noto-cjk
}

install() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq install -y --no-install-recommends "$@" >/dev/null 2>&1 ||
        { apt-get -qq update && apt-get -qq install -y --no-install-recommends "$@"; } >/dev/null 2>&1
}

without() {
    case $1 in
        mosquitto) say "mosquitto is missing: tests run on the embedded broker only, those of MQTT 5 and of mosquitto itself skip" ;;
        chromium) say "chromium is missing: tests in a browser skip" ;;
        fonts-noto-cjk) say "Japanese fonts (fonts-noto-cjk) are missing: screenshots show boxes instead of Japanese text" ;;
    esac
}

wanted=$(missing)
[ -n "$wanted" ] || exit 0

# Word splitting is meant: one package per word.
# shellcheck disable=SC2086
if [ "$(id -u)" -eq 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null 2>&1; then
    say "installing" $wanted
    install $wanted || say "apt-get could not install all of them; is there no network?"
elif [ -e /etc/debian_version ]; then
    say "not root; to run every test: sudo apt-get install" $wanted
fi
for package in $(missing); do
    without "$package"
done
