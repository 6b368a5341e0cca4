"""How a gateway knows that another machine bears its name, and how long it believes what it was told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shigotoba_gateway.identity.renewal import Renewal
from shigotoba_gateway.identity.settings import IdentitySettings
from shigotoba_gateway.twins import LEAST_TURNED_AWAY_S, NEWS_FOR_S, Twins
from shigotoba_wire.downlink import TurnedAway, encode_turned_away
from shigotoba_wire.health import GatewayHealth, Twin, encode_health


class Watch:
    """A clock that a test moves."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def twins(watch: Watch) -> Twins:
    return Twins("gw-1", "ours", watch, lambda: 10.0)


def told(instance: str) -> bytes:
    return encode_turned_away(TurnedAway(instance, 1_795_000_000_000))


def health(instance: str) -> bytes:
    return encode_health(GatewayHealth("gw-1", 0, 0, "e", 1, 0, 0, instance=instance))


def test_who_is_turned_away_rests_says_so_and_asks_again_after_a_while(twins: Twins, watch: Watch) -> None:
    rests: list[float] = []
    twins.on_turned_away = lambda: rests.append(watch.now_s)
    twins.turn_away(told("ours"))
    assert (twins.standing(), twins.turned_away(), rests) == (Twin.PREFERRED, True, [1000.0])
    assert "listens to another machine that speaks as gw-1" in twins.problems()[0]
    watch.now_s += LEAST_TURNED_AWAY_S + 1
    assert (twins.standing(), twins.problems()) == (Twin.NONE, [])


def test_who_is_listened_to_knows_of_the_other_by_word_or_by_ear(twins: Twins, watch: Watch) -> None:
    twins.hear(health("ours"))
    assert twins.standing() is Twin.NONE
    for news in (lambda: twins.turn_away(told("other")), lambda: twins.hear(health("other"))):
        news()
        assert (twins.standing(), twins.turned_away()) == (Twin.HEARD, False)
        watch.now_s += NEWS_FOR_S + 1
        assert twins.standing() is Twin.NONE


def test_what_cannot_be_understood_changes_nothing(twins: Twins) -> None:
    twins.turn_away(b"{}")
    twins.hear(b"\xff")
    assert twins.standing() is Twin.NONE


@pytest.mark.parametrize("turned_away", [True, False])
def test_a_machine_that_is_turned_away_renews_no_certificate(tmp_path: Path, caplog, turned_away: bool) -> None:
    settings = IdentitySettings(tmp_path / "identity", "https://127.0.0.1:1")
    Renewal(settings, lambda: datetime.now(UTC), lambda: turned_away).look()
    assert ("holds no identity" in caplog.text) is not turned_away
