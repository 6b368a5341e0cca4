"""What must be true of the files themselves."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_every_path_named_in_the_architecture_page_exists() -> None:
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_module_in_the_architecture_trees_rooms_exists() -> None:
    tree = PAGE.read_text(encoding="utf-8").split("## The tree")[1].split("```")[1]
    modules = re.findall(r"\b(\w+\.(?:py|sql))\b", tree)
    existing = {path.name for path in tracked()}
    assert [name for name in modules if name not in existing] == []


def test_locked_requirements_carry_versions_and_hashes_and_no_address() -> None:
    for lock in (ROOT / "requirements").iterdir():
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--index" not in text
        assert "--find-links" not in text


def test_no_tracked_file_says_where_packages_come_from() -> None:
    addressed = re.compile(r"(index-url|extra-index-url|default-index|tool\.uv\.index|npm_config_registry)")
    offenders = [
        path.relative_to(ROOT)
        for path in tracked()
        if path != Path(__file__)
        and path.suffix in {".toml", ".txt", ".cfg", ".ini", ".sh", ".yml", ".yaml", ".json"}
        and addressed.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert offenders == []


def test_uv_lock_is_not_tracked() -> None:
    assert ROOT / "uv.lock" not in tracked()


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path.relative_to(ROOT)
        for path in tracked()
        if path.suffix == ".py"
        and "/src/" in str(path)
        and not path.read_text(encoding="utf-8").startswith(('"""', 'r"""'))
    ]
    assert silent == []


def test_every_make_target_is_explained_where_people_look() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (targets,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    helped = "\n".join(re.findall(r"^\t@echo \"(.*)\"$", makefile, re.MULTILINE))
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8") + (ROOT / "README.md").read_text(encoding="utf-8")
    for target in set(targets.split()) - {"help"}:
        assert f"make {target}" in helped, target
        assert f"make {target}" in told, target
