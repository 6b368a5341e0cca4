"""One running product for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shigotoba_testing.product import Demo


@pytest.fixture(scope="package")
def demo(reachable_directory: Path) -> Iterator[Demo]:
    """One running demo; tests may kill parts of it, for it heals."""
    product = Demo(reachable_directory / "demo")
    product.start()
    yield product
    product.stop()
