"""Bills of materials (CycloneDX 1.6, JSON) for everything that is installed somewhere, one per set of locked libraries.

.venv/bin/python scripts/sbom.py [DIRECTORY]        build/sbom if none is named

What is installed is what the locked requirements name (versions and hashes), so neither a network nor a resolver is
needed. The licence is told of libraries that are installed here in that version.

Responsible for the bills. Refuses to look for holes (``audit.sh``, ``audit_offline.py``).
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parents[1]
BILLS: Final[Mapping[str, tuple[str, ...]]] = {
    "backend": ("backend",),
    "dashboard": ("dashboard",),
    "sim": ("firmware-sim",),
    "pi": ("edge", "gateway"),
    "demo": ("edge", "gateway", "backend", "dashboard", "standalone", "firmware-sim"),
}
"""The file in requirements/, and the members that run on what it locks."""

_LOCKED: Final = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^ ;\\\n]+)(?: *; *(?P<marker>[^\\\n]+?))? *"
    r"(?P<hashes>(?:\\\n +--hash=sha256:[0-9a-f]{64} *)*)$",
    re.MULTILINE,
)
_NAMESPACE: Final = uuid.UUID("6f1de0c6-24c8-5f3b-9a55-2d1f0e3a7b41")


def bill(locked: str, members: tuple[str, ...]) -> dict[str, Any]:
    """The document about what ``members`` run on; the same text gives the same document."""
    ours = {each["name"]: each for member in members for each in _with_what_it_needs(member)}
    libraries = [_library(found) for found in _LOCKED.finditer(locked)]
    roots = [_ref(ours[_project(member)["name"]]) for member in members]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, ' '.join(members) + locked)}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "shigotoba", "bom-ref": "shigotoba"}},
        "components": [*map(_own, ours.values()), *libraries],
        "dependencies": [{"ref": "shigotoba", "dependsOn": roots}, *_dependencies(ours, libraries)],
    }


def _project(member: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / member / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _with_what_it_needs(member: str) -> Iterator[dict[str, Any]]:
    """The project of a member, and of every member that it needs."""
    project = _project(member)
    yield project
    for name in _needed(project):
        if name.startswith("shigotoba-"):
            yield from _with_what_it_needs(name.removeprefix("shigotoba-"))


def _needed(project: Mapping[str, Any]) -> list[str]:
    return [canonicalize_name(re.split(r"[\[<>=!~; ]", each)[0]) for each in project.get("dependencies", ())]


def _own(project: Mapping[str, Any]) -> dict[str, Any]:
    told = {"type": "application", "name": project["name"], "version": project["version"]}
    return told | {"bom-ref": _ref(project)}


def _ref(project: Mapping[str, Any]) -> str:
    return f"{project['name']}@{project['version']}"


def _library(found: re.Match[str]) -> dict[str, Any]:
    name, version = canonicalize_name(found["name"]), found["version"]
    purl = f"pkg:pypi/{name}@{version}"
    hashes = [{"alg": "SHA-256", "content": each} for each in re.findall(r"sha256:([0-9a-f]{64})", found["hashes"])]
    component: dict[str, Any] = {"type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl}
    component["hashes"] = hashes
    if licence := _licence(name, version):
        component["licenses"] = [{"license": {"name": licence}}]
    if found["marker"]:
        component["properties"] = [{"name": "python:marker", "value": found["marker"]}]
    return component


def _licence(name: str, version: str) -> str:
    try:
        told = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    if told["Version"] != version:
        return ""
    classified = [
        each.rpartition(" :: ")[2] for each in told.get_all("Classifier", ()) if each.startswith("License ::")
    ]
    return told["License-Expression"] or ", ".join(classified)


def _dependencies(ours: Mapping[str, Any], libraries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What our members ask for themselves; what libraries ask for is not in the locked files."""
    refs = {each["name"]: each["bom-ref"] for each in libraries} | {name: _ref(each) for name, each in ours.items()}
    for project in ours.values():
        yield {"ref": _ref(project), "dependsOn": sorted(refs[name] for name in _needed(project) if name in refs)}


def main(arguments: list[str]) -> None:
    """Writes every bill."""
    directory = Path(arguments[0]) if arguments else ROOT / "build" / "sbom"
    directory.mkdir(parents=True, exist_ok=True)
    for name, members in BILLS.items():
        locked = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        file = directory / f"{name}.cdx.json"
        file.write_text(json.dumps(bill(locked, members), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
