#!/bin/sh
# Creates .venv from the hash-locked requirements and installs the members in place.
# Usage: scripts/setup.sh demo|dev. Does nothing when the environment is already what is asked for.
set -eu
cd "$(dirname "$0")/.."
wanted=$1
venv=.venv
stamp=$venv/.shigotoba-$wanted

say() { printf '%s\n' "$*" >&2; }
fail() { say "setup: $*"; exit 1; }

case "$(uname -s)/$(uname -m)" in
    Linux/x86_64 | Linux/aarch64 | Linux/arm64) ;;
    *) fail "this is $(uname -s) on $(uname -m); Shigotoba runs on Linux on x86-64 or arm64. Use such a machine or a virtual one." ;;
esac

python=${PYTHON:-python3}
command -v "$python" >/dev/null 2>&1 || fail "$python was not found. Install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$("$python" --version 2>&1) is too old. Install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3"

# What the environment was made from. The developers' environment also serves the demo.
made_from() {
    "$python" --version
    cat requirements/installer.txt "requirements/$1.txt" ./*/pyproject.toml
}
fingerprint() { made_from "$1" | cksum; }
for have in "$wanted" dev; do
    if [ -x $venv/bin/python ] && [ "$(cat "$venv/.shigotoba-$have" 2>/dev/null)" = "$(fingerprint "$have")" ]; then
        exit 0
    fi
done

if [ ! -x $venv/bin/python ]; then
    say "setup: creating $venv"
    "$python" -m venv $venv 2>/dev/null || {
        rm -rf $venv
        fail "$python cannot create virtual environments. On Debian: apt-get install python3-venv"
    }
fi
say "setup: installing the locked requirements ($wanted); the first time takes a minute or two"
# pip installs uv, and uv everything else in a fraction of the time. Where pip is set to an index of its own, as on a closed
# network, or uv fails, pip does the whole of it.
own_index() { $venv/bin/python -m pip config list | grep -q index; }
by_pip() { $venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"; }
by_uv() { $venv/bin/uv pip install --quiet --python $venv/bin/python "$@"; }
locked() { "$1" --require-hashes -r "requirements/$2.txt"; }
members() { "$1" --no-deps --no-build-isolation -e wire -e booth -e edge -e gateway -e backend -e dashboard -e standalone -e firmware-sim; }
# uv_build looks for its own program on the PATH.
PATH=$PWD/$venv/bin:$PATH
{ ! own_index && locked by_pip installer && locked by_uv "$wanted" && members by_uv; } ||
    { locked by_pip "$wanted" && members by_pip; } ||
    fail "the packages could not be installed (see the lines above). Is a package index reachable? Run the same command again to continue."
fingerprint "$wanted" > "$stamp"
