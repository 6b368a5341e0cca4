"""No secret leaves its file: not into logs, not into the process list, not onto the terminal.

The logs here are lines for people; those for programs are looked at in ``test_faults``, after everything has broken.
"""

from __future__ import annotations

import pytest

from shigotoba_testing.product import Demo
from shigotoba_testing.secrecy import files_of_secrets, leaks, secrets
from shigotoba_testing.waiting import until

pytestmark = pytest.mark.system

TOLD = {("the terminal", "everybody")}
"""Whoever starts the demo is told how its people sign in."""


def test_secrets_stand_in_no_log_no_settings_file_and_no_process_list(demo: Demo) -> None:
    until(lambda: any(gateway.received for gateway in demo.coverage().gateways), what="a product at work")
    assert len(secrets(demo)) >= 50, "the demo has a password for each of its users, and a token for each of its people"
    assert (demo.home / "log" / "edge.log").exists(), "the logs are where they are looked for"
    assert leaks(demo) <= TOLD


def test_the_files_of_secrets_are_for_their_owner_alone(demo: Demo) -> None:
    open_to_others = [path for path in files_of_secrets(demo) if path.stat().st_mode & 0o077]
    assert open_to_others == []
