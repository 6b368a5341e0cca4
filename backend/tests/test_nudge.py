"""The nudge to the broker harms nobody: not one that is just starting, and not whoever nudges."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from shigotoba_backend.enrolment.nudge import catches_hangup, nudge

STARTING = """
import signal, time
print("listens", flush=True)
time.sleep(0.3)
signal.signal(signal.SIGHUP, lambda *_: print("reads anew", flush=True))
signal.pause()
"""
"""As mosquitto starts: reachable first, and only then minding signals."""


def test_a_broker_that_is_just_starting_is_asked_once_it_minds_the_signal(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", STARTING], stdout=subprocess.PIPE, text=True) as broker:
        assert broker.stdout is not None
        assert broker.stdout.readline() == "listens\n"
        assert not catches_hangup(broker.pid)
        (tmp_path / "pid").write_text(f"{broker.pid}\n", encoding="ascii")
        nudge(tmp_path / "pid")
        assert broker.stdout.readline() == "reads anew\n"
        broker.kill()


@pytest.mark.parametrize("content", ["", "4194305\n"], ids=["half written", "of nobody"])
def test_a_broker_that_does_not_run_is_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: str
) -> None:
    (tmp_path / "pid").write_text(content, encoding="ascii")
    with caplog.at_level(logging.WARNING):
        nudge(tmp_path / "pid")
        nudge(tmp_path / "nowhere")
    assert caplog.text.count("could not be asked to read its files anew") == 2
