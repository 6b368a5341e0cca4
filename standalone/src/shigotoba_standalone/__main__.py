"""``python -m shigotoba_standalone``."""

from __future__ import annotations

import sys

from shigotoba_standalone.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
