"""What is written down for people is what the programs do."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from shigotoba_wire import topics
from shigotoba_wire.errors import MEANINGS, Refusal

ROOT = Path(__file__).parents[1]
PAGES = sorted(path for path in (ROOT / "docs").glob("*.md"))
ROOMS = "backend|bench|booth|dashboard|deploy|docs|edge|firmware-sim|gateway|scripts|standalone|tests|wire"
RAISED = re.compile(r"""ProblemError\(\s*\d+,\s*"(\w+)\"""")
NAMED = re.compile(rf"`((?:{ROOMS})/[\w./-]+)`")


@pytest.mark.parametrize(
    ("page", "command"),
    [
        ("settings.md", ["scripts/settings_page.py"]),
        ("errors.md", ["-m", "shigotoba_backend.api.errors_page"]),
        ("metrics.md", ["-m", "shigotoba_backend.metrics.page"]),
    ],
)
def test_a_generated_page_is_what_the_code_says(page: str, command: list[str]) -> None:
    written = subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True, cwd=ROOT).stdout
    hint = f"run `make docs`, or: .venv/bin/python {' '.join(command)} > docs/{page}"
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == written, hint


def test_every_code_that_is_raised_has_a_sentence_on_the_page_of_errors() -> None:
    sources = [path.read_text(encoding="utf-8") for path in ROOT.glob("*/src/**/*.py")]
    raised = {code for source in sources for code in RAISED.findall(source)}
    page = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    assert len(raised) > 30
    assert sorted(code for code in raised if f"| `{code}` |" not in page) == []
    assert set(MEANINGS) == set(Refusal)


def test_every_kind_of_topic_is_in_the_contract() -> None:
    contract = yaml.safe_load((ROOT / "docs/asyncapi.yaml").read_text(encoding="utf-8"))
    addresses = " ".join(channel["address"] + " " for channel in contract["channels"].values())
    kinds = {value for name, value in vars(topics).items() if name.isupper() and isinstance(value, str)}
    kinds -= {topics.ROOT, topics.LOCAL}
    assert len(kinds) > 9
    assert sorted(kind for kind in kinds if f"/{kind} " not in addresses and f"/{kind}/" not in addresses) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    named = NAMED.findall(page.read_text(encoding="utf-8"))
    assert [target for target in named if not (ROOT / target).exists()] == []


def test_every_driver_has_a_readme_a_sample_and_recorded_frames() -> None:
    drivers = [path.parent for path in (ROOT / "edge/src/shigotoba_edge/drivers").glob("*/__init__.py")]
    assert len(drivers) >= 6
    for driver in drivers:
        for wanted in ("README.md", "sample.toml", "frames"):
            assert list(driver.glob(wanted)), f"{driver.name} has no {wanted}"
        readme = f"(../{driver.relative_to(ROOT)}/README.md)"
        assert readme in (ROOT / "docs/README.md").read_text(encoding="utf-8"), f"docs/README.md leads to {driver.name}"


def test_pictures_are_small() -> None:
    taken = [path for folder in ("tour", "phone") for path in (ROOT / "docs/images" / folder).glob("*.png")]
    assert [path.name for path in taken if path.stat().st_size > 100_000] == []


def test_the_phones_guide_shows_each_picture_in_both_languages() -> None:
    guide = (ROOT / "docs/phone.md").read_text(encoding="utf-8")
    japanese, english = guide.split("## English")
    for language, half in (("ja", japanese), ("en", english)):
        taken = {path.name for path in (ROOT / "docs/images/phone").glob(f"*.{language}.png")}
        assert taken
        assert taken == set(re.findall(rf"images/phone/([\w-]+\.{language}\.png)", half))


def test_the_front_page_leads_to_every_page() -> None:
    front = (ROOT / "README.md").read_text(encoding="utf-8")
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    assert "docs/README.md" in front
    assert [page.name for page in PAGES if page.name != "README.md" and f"({page.name})" not in index] == []
