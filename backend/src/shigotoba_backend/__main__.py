"""``python -m shigotoba_backend``."""

import sys

from shigotoba_backend.cli import main

sys.exit(main(sys.argv[1:]))
