"""States said once, held up while the broker knows that their device is connected."""

from __future__ import annotations

from shigotoba_gateway.thirdparty.repeating import Repeating
from shigotoba_wire.readings import Reading

SEAT = Reading("esphome-booth-1", "occupancy", True, 0)
PRESS = Reading("esphome-booth-1", "button", "press", 0)


def test_a_connected_device_that_says_no_change_has_not_changed() -> None:
    repeating = Repeating()
    repeating.connected(SEAT.device, yes=True)
    repeating.heard([SEAT, PRESS], keep_alive_s=60)
    assert repeating.due(59_999) == []
    (again,) = repeating.due(60_000)
    assert (again.point, again.value, again.at_ms) == ("occupancy", True, 60_000)
    assert repeating.due(60_001) == []
    assert len(repeating.due(120_000)) == 1


def test_of_a_device_that_is_not_connected_nothing_is_held_up_also_when_it_is_back() -> None:
    repeating = Repeating()
    repeating.heard([SEAT], keep_alive_s=60)
    assert repeating.due(60_000) == []
    repeating.connected(SEAT.device, yes=True)
    assert len(repeating.due(60_000)) == 1
    repeating.connected(SEAT.device, yes=False)
    repeating.connected(SEAT.device, yes=True)
    assert repeating.due(200_000) == []


def test_over_a_break_in_our_own_connection_nothing_is_held_up() -> None:
    repeating = Repeating()
    repeating.connected(SEAT.device, yes=True)
    repeating.heard([SEAT], keep_alive_s=60)
    repeating.forget()
    repeating.connected(SEAT.device, yes=True)
    assert repeating.due(60_000) == []
