"""``python -m shigotoba_sim``."""

import sys

from shigotoba_sim.cli import main

sys.exit(main())
