"""Making a device known by its label or its learn button: its key, or its profile, is written into the agent's files.

A Bluetooth sensor that seals its frames needs its key in the driver's ``key_file``; an EnOcean sensor needs its profile
in the driver's ``devices_file``. What was typed is not shown while it may be a key, and no key is ever said again.

Responsible for the questions and for the lines in these files. Refuses to give a device its place (``commissioning``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final, get_args

from shigotoba_edge.bluetooth.keys import read_keys
from shigotoba_edge.drivers.enocean.listing import read_listing
from shigotoba_edge.drivers.enocean.profiles import ProfileName
from shigotoba_edge.field.dialogue import Dialogue
from shigotoba_edge.field.labels import EnoceanLabel, LabelError, SealedLabel, read_label
from shigotoba_edge.field.lists import Lists
from shigotoba_edge.field.tables import with_line, write_table
from shigotoba_edge.field.words import retold
from shigotoba_edge.logbook import Sighting
from shigotoba_wire.errors import SettingsError

PROFILES: Final = get_args(ProfileName)


class Enrolling:
    """One device after another; ``hear`` is to be called with every sighting meanwhile.

    Args:
        dialogue: With whom.
        words: In their language.
        lists: The files of the drivers.
        renew: Has the drivers read their files again.
    """

    def __init__(
        self, dialogue: Dialogue, words: Mapping[str, str], lists: Lists, renew: Callable[[], Awaitable[None]]
    ) -> None:
        self._dialogue = dialogue
        self._words = words
        self._lists = lists
        self._renew = renew
        self._learnt: asyncio.Queue[Sighting] | None = None

    def hear(self, sighting: Sighting) -> None:
        """A device was heard; only learn telegrams matter here."""
        if self._learnt is not None and sighting.introduces is not None:
            self._learnt.put_nowait(sighting)

    async def enrol(self) -> None:
        """Ask for one label or learn telegram, and write down what it says.

        Raises:
            AbandonedError: The terminal has gone.
        """
        told = await self._label_or_learnt()
        try:
            match told:
                case None:
                    self._tell("gave_up")
                case SealedLabel():
                    await self._seal(told)
                case EnoceanLabel():
                    await self._list(told.source, "")
                case Sighting():
                    await self._list(told.device.removeprefix("enocean-"), told.introduces or "")
        except SettingsError as error:
            self._tell("not_written", error=retold(self._words, error))

    async def _label_or_learnt(self) -> SealedLabel | EnoceanLabel | Sighting | None:
        self._learnt = asyncio.Queue()
        try:
            with self._dialogue.unseen():
                self._tell("label")
                while True:
                    told = await self._dialogue.ask_or("", self._learnt)
                    if isinstance(told, Sighting) or not told:
                        return told or None
                    label = self._read(told)
                    if label is not None:
                        return label
        finally:
            self._learnt = None

    def _read(self, text: str) -> SealedLabel | EnoceanLabel | None:
        try:
            return read_label(text)
        except LabelError as error:
            self._tell("no_label", error=retold(self._words, error))
            return None

    async def _seal(self, label: SealedLabel) -> None:
        whole = await self._completed(label)
        if whole is None:
            self._tell("gave_up")
            return
        path = await self._choose(self._lists.keys)
        if path is None:
            self._tell("no_key_file", address=whole.address)
            return
        known = read_keys(path)
        if whole.address not in known.keys:
            self._write(path, "bindkeys", whole.address, f'"{whole.key.lower()}"', read_keys)
        elif known.keys[whole.address] != bytes.fromhex(whole.key):
            if not await self._agreed("other_key", address=whole.address):
                return
            self._write(path, "bindkeys", whole.address, f'"{whole.key.lower()}"', read_keys)
        else:
            if not await self._agreed("new_battery", address=whole.address):
                return
            times = known.restarts.get(whole.address, 0) + 1
            self._write(path, "restarts", whole.address, str(times), read_keys)
        await self._renew()
        self._tell("key_kept", address=whole.address, path=path)

    async def _completed(self, label: SealedLabel) -> SealedLabel | None:
        """The label with what its other code says; None if the person gave up."""
        while not (label.address and label.key):
            with self._dialogue.unseen():
                self._tell("other_code" if label.address else "other_code_address", address=label.address)
                text = await self._dialogue.ask("")
            if not text:
                return None
            rest = self._read(text)
            if isinstance(rest, SealedLabel):
                label = label.with_rest(rest)
        return label

    async def _list(self, source: str, profile: str) -> None:
        device = f"enocean-{source}"
        self._tell("enocean", device=device)
        chosen = await self._ask_profile(profile)
        if not chosen:
            self._tell("gave_up")
            return
        path = await self._choose(self._lists.devices)
        if path is None:
            self._tell("no_devices_file", line=f'"{source}" = "{chosen}"')
            return
        self._write(path, "devices", source, f'"{chosen}"', read_listing)
        await self._renew()
        self._tell("listed", device=device, profile=chosen, path=path)

    async def _ask_profile(self, named: str) -> str:
        while True:
            question = self._words["profile"].format(profiles=", ".join(PROFILES), named=named or "-")
            answer = (await self._dialogue.ask(question)).upper() or named
            if not answer or answer in PROFILES:
                return answer
            self._tell("not_a_profile", answer=answer)

    async def _choose(self, paths: Mapping[str, Path]) -> Path | None:
        """The only file, or the one that the person names; None if there is none or they name none."""
        if len(paths) < 2:
            return next(iter(paths.values()), None)
        return paths.get(await self._dialogue.ask(self._words["which_driver"].format(names=", ".join(paths))))

    async def _agreed(self, word: str, **values: object) -> bool:
        agreed = (await self._dialogue.ask(self._words[word].format(**values))).lower() == self._words["yes"]
        if not agreed:
            self._tell("gave_up")
        return agreed

    def _write(self, path: Path, table: str, key: str, value: str, check: Callable[[Path], object]) -> None:
        write_table(path, with_line(path.read_text(encoding="utf-8"), table, key, value), check)

    def _tell(self, word: str, **values: object) -> None:
        self._dialogue.tell(self._words[word].format(**values))
