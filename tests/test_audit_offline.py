"""The audit without a network: which locked versions an export of advisories speaks of."""

from __future__ import annotations

import importlib.util
import json
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts/audit_offline.py"
LOCKED = "Pillow==13.0.0 \\\n    --hash=sha256:00\nuvicorn[standard]==0.40.0 ; python_version < '4'\n"


def advisory(name: str, **affected: Any) -> dict[str, Any]:
    return {
        "id": "TEST-1",
        "summary": "a hole",
        "affected": [{"package": {"ecosystem": "PyPI", "name": name}, **affected}],
    }


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    """The script, as a module."""
    spec = importlib.util.spec_from_file_location("audit_offline", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def audited(audit: ModuleType, directory: Path, *known: dict[str, Any]) -> int:
    (directory / "locked.txt").write_text(LOCKED, encoding="utf-8")
    with zipfile.ZipFile(directory / "all.zip", "w") as packed:
        for number, each in enumerate(known):
            packed.writestr(f"{number}.json", json.dumps(each))
    return audit.main([str(directory / "all.zip"), str(directory / "locked.txt")])


def events(*pairs: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"type": "ECOSYSTEM", "events": [{kind: version} for kind, version in pairs]}]


@pytest.mark.parametrize(
    ("known", "status"),
    [
        (advisory("pillow", versions=["12.9", "13.0.0"]), 1),
        (advisory("PILLOW", ranges=events(("introduced", "0"), ("fixed", "13.0.1"))), 1),
        (advisory("uvicorn", ranges=events(("introduced", "0.9"), ("last_affected", "0.40.0"))), 1),
        (advisory("uvicorn", ranges=events(("introduced", "0"), ("fixed", "0.9"), ("introduced", "0.10"))), 1),
        (advisory("pillow", ranges=events(("introduced", "0"), ("fixed", "13.0.0"))), 0),
        (advisory("pillow", ranges=events(("introduced", "13.0.1"))), 0),
        (advisory("pillow", versions=["13.0.0"]) | {"withdrawn": "2026-01-01T00:00:00Z"}, 0),
        (advisory("something-else", versions=["13.0.0"]), 0),
        ({"id": "TEST-2", "affected": [{"ranges": [{"type": "GIT", "events": []}]}, {}]}, 0),
    ],
)
def test_an_advisory_is_told_if_it_holds_for_a_locked_version(
    audit: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], known: dict[str, Any], status: int
) -> None:
    assert audited(audit, tmp_path, known) == status
    said = capsys.readouterr().out
    assert ("TEST-1 a hole" in said) == bool(status)
    assert f"2 libraries, {status} known holes" in said


def test_what_is_no_database_is_said(audit: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audited(audit, tmp_path, {"id": "TEST-1", "affected": [{"package": {"ecosystem": "PyPI"}}]}) == 2
    assert "no export of advisories" in capsys.readouterr().err
