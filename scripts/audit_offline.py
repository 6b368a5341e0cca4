"""Known holes in the locked libraries, from a database that somebody has carried here: for closed networks.

.venv/bin/python scripts/audit_offline.py all.zip [requirements/backend.txt ...]

The database is the export of advisories of the ecosystem PyPI in the OSV format (osv.dev), a zip of JSON files. Exit
status 0: none is known; 1: some are; 2: the database cannot be read.

Responsible for finding what is locked and affected. Refuses to judge whether a hole can be reached, and to ask the
network (`make audit` does).
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parents[1]
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)


class Hole(NamedTuple):
    """An advisory that holds for a locked library."""

    library: str
    version: str
    advisory: str
    summary: str


def locked_in(files: Iterable[Path]) -> dict[str, set[str]]:
    """Versions by library."""
    found: dict[str, set[str]] = {}
    for file in files:
        for name, version in LOCKED.findall(file.read_text(encoding="utf-8")):
            found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def advisories(database: Path) -> Iterator[dict[str, Any]]:
    """Every advisory of the database that has not been withdrawn."""
    with zipfile.ZipFile(database) as packed:
        for name in packed.namelist():
            advisory = json.loads(packed.read(name))
            if "withdrawn" not in advisory:
                yield advisory


def holes(locked: dict[str, set[str]], known: Iterable[dict[str, Any]]) -> list[Hole]:
    """What holds for what is locked."""
    return sorted(
        Hole(library, version, advisory["id"], advisory.get("summary", ""))
        for advisory in known
        for affected in advisory.get("affected", ())
        # The OSV schema lets an entry name no package, such as one that names a repository's commits.
        if affected.get("package", {}).get("ecosystem") == "PyPI"
        for library in [canonicalize_name(affected["package"]["name"])]
        for version in locked.get(library, ())
        if _is_affected(version, affected)
    )


def _is_affected(version: str, affected: dict[str, Any]) -> bool:
    if version in affected.get("versions", ()):
        return True
    ranges = (each["events"] for each in affected.get("ranges", ()) if each["type"] == "ECOSYSTEM")
    return any(_is_within(Version(version), events) for events in ranges)


def _is_within(version: Version, events: Iterable[dict[str, str]]) -> bool:
    """Whether the last event at or before the version opened the range (OSV schema, section "Evaluation")."""
    inside = False
    for event in sorted(events, key=_where):
        for kind, at in event.items():
            if kind == "introduced" and (at == "0" or version >= Version(at)):
                inside = True
            if (kind == "fixed" and version >= Version(at)) or (kind == "last_affected" and version > Version(at)):
                inside = False
    return inside


def _where(event: dict[str, str]) -> Version:
    return Version(next(iter(event.values())))


def main(arguments: list[str]) -> int:
    """Says what is known; the exit status."""
    if not arguments:
        sys.stderr.write("Name the database: scripts/audit_offline.py all.zip\n")
        return 2
    files = [Path(each) for each in arguments[1:]] or sorted((ROOT / "requirements").glob("*.txt"))
    locked = locked_in(files)
    try:
        found = holes(locked, advisories(Path(arguments[0])))
    except (OSError, zipfile.BadZipFile, json.JSONDecodeError, KeyError, InvalidVersion) as error:
        sys.stderr.write(f"{arguments[0]}: no export of advisories in the OSV format ({error!r}).\n")
        return 2
    for hole in found:
        sys.stdout.write(f"{hole.library} {hole.version}: {hole.advisory} {hole.summary}\n")
    sys.stdout.write(f"{len(locked)} libraries, {len(found)} known holes\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
