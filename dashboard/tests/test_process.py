from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shigotoba_testing.waiting import until

COMMAND = [sys.executable, "-m", "shigotoba_dashboard", "--settings"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def settings(path: Path, database: str, port: int) -> Path:
    path.write_text(f'database = "{database}"\nsite = "honcho"\nport = {port}\n', encoding="utf-8")
    return path


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@pytest.mark.integration
def test_the_process_serves_until_sigterm_and_leaves_with_0(office: Any, tmp_path: Path):
    port = free_port()
    path = settings(tmp_path / "dashboard.toml", office.database, port)
    with (tmp_path / "log").open("wb") as log, subprocess.Popen([*COMMAND, str(path)], stderr=log) as process:
        try:
            until(lambda: answers(port), what="an answer of the process")
            process.send_signal(signal.SIGTERM)
            assert process.wait() == 0
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('database = "x"\n', "missing required field `site`"),
        ('database = "x"\nsite = "honcho"\nprot = 1\n', "unknown field `prot`"),
        ("database", "not valid TOML"),
    ],
)
def test_settings_that_cannot_be_used_are_one_line_and_exit_2(tmp_path: Path, text: str, complaint: str):
    path = tmp_path / "dashboard.toml"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run([*COMMAND, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert str(path) in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_missing_settings_file_is_named(tmp_path: Path):
    done = subprocess.run([*COMMAND, str(tmp_path / "no.toml")], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no.toml" in done.stderr


def test_a_port_in_use_is_one_line_and_not_a_traceback(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        path = settings(tmp_path / "dashboard.toml", "host=/nonexistent", taken.getsockname()[1])
        done = subprocess.run([*COMMAND, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "cannot listen" in done.stderr
    assert done.stderr.count("\n") == 1
