"""A closed network (LGWAN): the product asks nobody outside, neither its processes nor its pages."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shigotoba_testing.desk import CHROMIUM


def _obstacle() -> str:
    """Why a network of one's own cannot be had here; empty if it can."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return "unshare is not installed (package util-linux)"
    allowed = subprocess.run([unshare, "--net", "true"], check=False, capture_output=True, text=True)
    return "" if allowed.returncode == 0 else f"no network namespace here: {allowed.stderr.strip()}"


@pytest.mark.system
@pytest.mark.browser
@pytest.mark.skipif(bool(_obstacle()), reason=_obstacle() or "-")
@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM} (package chromium)")
def test_the_product_works_with_the_network_cut_off_and_its_pages_ask_only_this_machine(
    reachable_directory: Path,
) -> None:
    command = [
        "unshare",
        "--net",
        sys.executable,
        "-m",
        "shigotoba_testing.offline",
        str(reachable_directory / "closed"),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=Path(__file__).parent / "support")
    assert done.returncode == 0, done.stderr
