"""The faults of a run: asked by the faces and by the history what is heard of a device at an instant.

Every answer is a function of seed, device and time, so a run replays exactly. Responsible for answers. Refuses to
carry them out: a face that asks falls silent by itself.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final, Literal

import msgspec

from shigotoba_sim.faults.counting import CountersAt, Restart, Wrap, shown
from shigotoba_sim.plan.counters import Counters

FOREVER_MS: Final = 2**53
Sense = Literal["silent", "fading", "lossy", "deaf", "unplugged", "noisy", "unanswering", "duplicated"]
_ON_THE_AIR: Final = ("ble-", "linking-")
EVERYTHING: Final = ""
"""Instead of a device, for faults of the line or the radio."""


class Spell(msgspec.Struct, frozen=True):
    """A device, or the line it speaks over, is in some trouble from ``start_ms`` until before ``end_ms``.

    Attributes:
        kind: The scenario's word for the fault.
        sense: What the trouble is like.
        device: Whom it befalls, or ``EVERYTHING``.
        start_ms: From when, UTC milliseconds.
        end_ms: Until before when.
        share: How much of it is lost, for those faults that lose a share.
    """

    kind: str
    sense: Sense
    device: str
    start_ms: int
    end_ms: int = FOREVER_MS
    share: float = 1.0


class Deed(msgspec.Struct, frozen=True):
    """Something was done to a printer at ``at_ms``: a restart of its counters or a wrap, perhaps under a new name."""

    kind: str
    device: str
    at_ms: int
    restart: Restart | None = None
    wrap: Wrap | None = None
    becomes: str = ""


class Faults:
    """The faults of one run.

    Args:
        seed: Decides which single message is lost where a share of them is.
        spells: What lasts.
        deeds: What was done to printers.
    """

    def __init__(self, seed: int, spells: Iterable[Spell] = (), deeds: Iterable[Deed] = ()) -> None:
        self._seed = seed
        self._deeds = sorted(deeds, key=lambda deed: deed.at_ms)
        self._spells: defaultdict[tuple[Sense, str], list[Spell]] = defaultdict(list)
        for spell in spells:
            self._spells[spell.sense, spell.device].append(spell)
        self.none = not self._spells and not self._deeds

    def retimed(self, when: Callable[[int], int]) -> Faults:
        """The same faults by another clock; ``when`` gives the other time for each of theirs."""
        spells = [
            msgspec.structs.replace(spell, start_ms=when(spell.start_ms), end_ms=when(spell.end_ms))
            for same in self._spells.values()
            for spell in same
        ]
        return Faults(self._seed, spells, (_retimed(deed, when) for deed in self._deeds))

    def silent(self, device: str, at_ms: int) -> bool:
        """Whether a sensor or button says nothing: dead, or its battery empty."""
        return self._now("silent", device, at_ms) is not None

    def deaf(self, at_ms: int) -> bool:
        """Whether the host's radio hears no advertisement."""
        return self._now("deaf", EVERYTHING, at_ms) is not None

    def unplugged(self, at_ms: int) -> bool:
        """Whether the EnOcean stick is out."""
        return self._now("unplugged", EVERYTHING, at_ms) is not None

    def advert_lost(self, device: str, number: int, at_ms: int) -> bool:
        """Whether the advertisement ``number`` of ``device``, sent at ``at_ms``, is lost on the air."""
        return self._hits("lossy", device, number, at_ms)

    def telegram_damaged(self, device: str, at_ms: int) -> bool:
        """Whether noise on the EnOcean line damages what ``device`` sends at ``at_ms``."""
        return self._hits("noisy", EVERYTHING, zlib.crc32(device.encode()), at_ms)

    def told_twice(self, device: str, at_ms: int) -> bool:
        """Whether the reading of ``device`` at ``at_ms`` is delivered twice."""
        return self._hits("duplicated", EVERYTHING, zlib.crc32(device.encode()), at_ms)

    def heard(self, device: str, at_ms: int, times: int = 1) -> bool:
        """Whether what a sensor or button says ``times`` times at ``at_ms`` reaches the host at all."""
        if self.silent(device, at_ms):
            return False
        if device.startswith(_ON_THE_AIR):
            lost = all(self.advert_lost(device, number, at_ms) for number in range(times))
            return not (lost or self.deaf(at_ms))
        if device.startswith("enocean-"):
            return not (self.unplugged(at_ms) or self.telegram_damaged(device, at_ms))
        return True

    def battery_pct(self, device: str, at_ms: int, real_pct: int) -> int:
        """The charge that the sensor tells, given what it would have told."""
        fading = self._now("fading", device, at_ms)
        if fading is None:
            return real_pct
        return max(0, real_pct * (fading.end_ms - at_ms) // (fading.end_ms - fading.start_ms))

    def mfp_answers(self, device: str, at_ms: int) -> bool:
        """Whether a printer answers whoever asks."""
        return self._now("unanswering", device, at_ms) is None

    def counters(self, device: str, at_ms: int, real: CountersAt) -> Counters:
        """What the counters of the printer that was ``device`` at first show, given what was really counted."""
        restarts = [deed.restart for deed in self._deeds if deed.device == device and deed.restart is not None]
        wrap = next((deed.wrap for deed in self._deeds if deed.device == device and deed.wrap is not None), None)
        return shown(device, at_ms, real, restarts, wrap)

    def identity(self, device: str, at_ms: int) -> str:
        """The device that stands at ``at_ms`` where ``device`` stood at first: another one once it was replaced."""
        names = [deed.becomes for deed in self._deeds if deed.device == device and deed.becomes and deed.at_ms <= at_ms]
        return names[-1] if names else device

    def replacements(self) -> list[tuple[str, str]]:
        """Every printer that is replaced in this run, and the device that takes its place."""
        return [(deed.device, deed.becomes) for deed in self._deeds if deed.becomes]

    def active(self, start_ms: int, end_ms: int) -> list[tuple[str, str, int, int]]:
        """Kind, device, start and end of what is active from ``start_ms`` until before ``end_ms``, cut to that."""
        lasting = [
            (spell.kind, spell.device, max(spell.start_ms, start_ms), min(spell.end_ms, end_ms))
            for spells in self._spells.values()
            for spell in spells
            if spell.start_ms < end_ms and start_ms < spell.end_ms
        ]
        done = [(d.kind, d.device, d.at_ms, d.at_ms) for d in self._deeds if start_ms <= d.at_ms < end_ms]
        return sorted(lasting + done, key=lambda each: (each[2], each[0], each[1]))

    def _now(self, sense: Sense, device: str, at_ms: int) -> Spell | None:
        for spell in self._spells.get((sense, device), ()):
            if spell.start_ms <= at_ms < spell.end_ms:
                return spell
        return None

    def _hits(self, sense: Sense, device: str, number: int, at_ms: int) -> bool:
        spell = self._now(sense, device, at_ms)
        if spell is None:
            return False
        # A checksum draws as well as a generator here, and a year asks a hundred million times.
        drawn = zlib.crc32(f"{self._seed}/{sense}/{device}/{number}/{at_ms}".encode())
        return drawn < spell.share * 2**32


def _retimed(deed: Deed, when: Callable[[int], int]) -> Deed:
    at_ms = when(deed.at_ms)
    restart, wrap = deed.restart, deed.wrap
    return msgspec.structs.replace(
        deed,
        at_ms=at_ms,
        restart=None if restart is None else msgspec.structs.replace(restart, at_ms=at_ms),
        wrap=None if wrap is None else msgspec.structs.replace(wrap, at_ms=at_ms),
    )


NO_FAULTS: Final = Faults(0)
"""A building in which nothing ever breaks."""
