"""What these tests share: waiting for something to come true."""

import time
from collections.abc import Callable

import pytest

Until = Callable[..., None]


@pytest.fixture
def until() -> Until:
    """Wait until a condition holds; fail, saying what was waited for, if it never does."""

    def wait(condition: Callable[[], object], what: str = "it", within_s: float = 60.0) -> None:
        deadline = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < deadline, f"{what} did not come to pass"
            time.sleep(0.02)

    return wait
