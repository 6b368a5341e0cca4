"""What is written down for people is what the programs do."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted(path for path in (ROOT / "docs").glob("*.md"))
LINK = re.compile(r"\]\((?!https?://|mailto:)([^)#]+)(#[^)]*)?\)")
ROOMS = "backend|bench|booth|dashboard|deploy|docs|edge|firmware-sim|gateway|scripts|standalone|tests|wire"
NAMED = re.compile(rf"`((?:{ROOMS})/[\w./-]+)`")


def test_the_page_of_settings_is_what_the_settings_files_readers_take() -> None:
    command = [sys.executable, str(ROOT / "scripts/settings_page.py")]
    written = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == written, "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_links_or_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    linked = [target for target, _ in LINK.findall(text) if not (page.parent / target).exists()]
    named = [target for target in NAMED.findall(text) if not (ROOT / target).exists()]
    assert (linked, named) == ([], [])


def test_every_driver_has_a_readme_a_sample_and_recorded_frames() -> None:
    drivers = [path.parent for path in (ROOT / "edge/src/shigotoba_edge/drivers").glob("*/__init__.py")]
    assert len(drivers) >= 6
    for driver in drivers:
        for wanted in ("README.md", "sample.toml", "frames"):
            assert list(driver.glob(wanted)), f"{driver.name} has no {wanted}"


def test_the_front_page_leads_to_every_page() -> None:
    front = (ROOT / "README.md").read_text(encoding="utf-8")
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    assert "docs/README.md" in front
    assert [page.name for page in PAGES if page.name != "README.md" and f"({page.name})" not in index] == []
