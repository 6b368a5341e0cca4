"""What these tests share: waiting for something to come true."""

from collections.abc import Callable

import pytest

from shigotoba_testing import waiting

Until = Callable[..., None]


@pytest.fixture
def until() -> Until:
    """Wait until a condition holds; fail, saying what was waited for, if it never does."""

    def wait(condition: Callable[[], object], what: str = "it", within_s: float = 60.0) -> None:
        waiting.until(lambda: bool(condition()), within_s, what)

    return wait
