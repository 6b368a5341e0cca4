"""The arguments of ``compare``.

Responsible for them alone. Refuses to load what compares: tables take a second to load, and the next command may be
somebody who sits down.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date


def add_compare(parser: argparse.ArgumentParser, day: Callable[[str], date]) -> None:
    """Add the arguments of ``compare``."""
    parser.add_argument("--from", dest="first", type=day, required=True, metavar="DAY", help="such as 2026-11-02")
    parser.add_argument("--to", dest="end", type=day, required=True, metavar="DAY", help="itself not included")
    parser.add_argument(
        "--product-json",
        metavar="FILE",
        help="what `python -m shigotoba_backend figures` printed; - reads it here",
    )
    parser.add_argument("--every-space", action="store_true", help="also the single spaces that agree")
    parser.add_argument("--json", action="store_true", help="one line of JSON per metric, for programs")
