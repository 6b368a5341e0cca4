"""``scripts/test_tools.sh`` on bare machines: it says what is missing, tries what it may, and never fails."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "test_tools.sh"
DEBIAN = pytest.mark.skipif(not Path("/etc/debian_version").exists(), reason="the script installs on Debian only")


@pytest.fixture
def bare_machine(tmp_path: Path):
    """A search path with hardly anything on it: no Chromium, no fonts to find, and a chosen user."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "grep"):
        (tools / name).symlink_to(shutil.which(name))
    put(tools / "find", "exit 0")

    def run(uid: int, apt_get: str | None = None) -> subprocess.CompletedProcess[str]:
        put(tools / "id", f"echo {uid}")
        if apt_get is not None:
            put(tools / "apt-get", apt_get)
        command = [str(tools / "sh"), str(SCRIPT)]
        return subprocess.run(command, env={"PATH": str(tools)}, capture_output=True, text=True, check=False)

    return run


def put(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def test_without_root_it_names_what_is_missing_and_what_that_costs(bare_machine):
    done = bare_machine(uid=1000)
    assert done.returncode == 0
    assert "chromium is missing: tests in a browser skip" in done.stderr
    assert "fonts-noto-cjk" in done.stderr


@DEBIAN
def test_without_root_on_debian_it_says_the_command(bare_machine):
    last = bare_machine(uid=1000).stderr.splitlines()[0]
    assert "sudo apt-get install" in last
    assert "chromium fonts-noto-cjk" in last


@DEBIAN
def test_as_root_without_network_it_says_so_and_goes_on(bare_machine):
    done = bare_machine(uid=0, apt_get="exit 100")
    assert done.returncode == 0
    assert "is there no network?" in done.stderr
    assert "tests in a browser skip" in done.stderr


@DEBIAN
def test_as_root_it_installs_just_what_is_missing_after_an_update_if_need_be(bare_machine, tmp_path: Path):
    calls = tmp_path / "calls"
    first_try_fails = f"[ -e {calls}.tried ] || {{ : > {calls}.tried; exit 100; }}"
    bare_machine(uid=0, apt_get=f'echo "$*" >> {calls}; [ "$2" = update ] || {first_try_fails}')
    lines = calls.read_text().splitlines()
    assert [line.split()[1] for line in lines] == ["install", "update", "install"]
    assert lines[0] == lines[2]
    assert lines[0].endswith("chromium fonts-noto-cjk")
