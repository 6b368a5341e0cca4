"""Bills of materials, written without a network: every locked library is in one, every reference leads somewhere."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = ("backend", "dashboard", "sim", "pi", "demo")
NEEDED = ("sh", "dirname", "timeout")


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """By the name of the locked file, as the command writes them."""
    directory = tmp_path_factory.mktemp("sbom")
    subprocess.run([sys.executable, str(ROOT / "scripts/sbom.py"), str(directory)], check=True, capture_output=True)
    written = {path.name.removesuffix(".cdx.json"): path for path in directory.glob("*.cdx.json")}
    return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in written.items()}


def locked(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def libraries(bill: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in bill["components"] if each["type"] == "library"]


def test_whatever_is_installed_somewhere_has_a_bill(bills: dict[str, dict[str, Any]]) -> None:
    assert bills.keys() == set(LOCKS)
    images = {path.name for path in (ROOT / "deploy/images/members").iterdir()}
    assert images <= bills.keys()


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_library_is_in_the_bill_with_its_version_and_all_its_hashes(
    bills: dict[str, dict[str, Any]], name: str
) -> None:
    found = libraries(bills[name])
    wanted = re.findall(r"^([\w.-]+)(?:\[.*?\])?==([^ ;\\\n]+)", locked(name), re.MULTILINE)
    assert sorted((each["name"], each["version"]) for each in found) == sorted(wanted)
    assert sum(len(each["hashes"]) for each in found) == locked(name).count("--hash=sha256:")
    assert all(each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}" for each in found)
    assert any(each.get("licenses") for each in found)


@pytest.mark.parametrize("name", LOCKS)
def test_every_reference_leads_to_a_component_and_none_has_the_name_of_another(
    bills: dict[str, dict[str, Any]], name: str
) -> None:
    bill = bills[name]
    refs = [each["bom-ref"] for each in bill["components"]]
    assert len(refs) == len(set(refs))
    known = {*refs, bill["metadata"]["component"]["bom-ref"]}
    for each in bill["dependencies"]:
        assert {each["ref"], *each["dependsOn"]} <= known
    assert sum(len(each["dependsOn"]) for each in bill["dependencies"]) > len(bill["dependencies"])


def test_an_audit_without_its_tool_says_that_nothing_is_known_and_what_to_do_instead(tmp_path: Path) -> None:
    for program in NEEDED:
        (tmp_path / program).symlink_to(shutil.which(program) or program)
    audit = ["sh", str(ROOT / "scripts/audit.sh")]
    done = subprocess.run(audit, check=False, capture_output=True, text=True, env={"PATH": str(tmp_path)})
    assert done.returncode == 2
    for said in ("uv was not found", "Nothing is known", "audit_offline.py"):
        assert said in done.stderr
