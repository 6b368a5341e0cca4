"""The radio of one adapter: one scan, shared by every driver that decodes advertisements.

The first driver that listens starts the scan, the last one that leaves ends it. When the scan fails or goes deaf all
of them fail, each for its own health; the first that the agent starts again starts the scan again, with a stronger
remedy if the weaker ones did not help (see ``recovery``).

Responsible for hearing, and for noticing that nothing is heard. Refuses to start again by itself: it fails with the
reason, the agent does the rest.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Annotated, Final

import msgspec

from shigotoba_edge.bluetooth.advert import Advert
from shigotoba_edge.bluetooth.bluetoothd import Bluetoothd, watched
from shigotoba_edge.bluetooth.recovery import Recovery
from shigotoba_edge.bluetooth.scan import PATIENCE_S, TROUBLE, Scan
from shigotoba_edge.commons import Commons
from shigotoba_edge.driver import DriverError, DriverSettings, TableError

log = logging.getLogger(__name__)

ADDRESS: Final = r"^([0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5})?$"


class RadioSettings(DriverSettings, frozen=True, kw_only=True):
    """What the table of every ``ble_*`` driver holds. Drivers on one adapter share its scan.

    Attributes:
        adapter: Address of the adapter, such as ``DC:A6:32:01:02:03``; empty for the first one that is powered. An
            address, because names such as hci0 change between boots.
        silent_after_s: No advertisement with data from any device for this long means that the radio is deaf. Of
            several drivers the shortest counts.
        switch_adapter: Whether the adapter may be switched off and on when starting the scan again does not help.
            All drivers that share it must agree.
    """

    adapter: Annotated[str, msgspec.Meta(pattern=ADDRESS)] = ""
    silent_after_s: Annotated[float, msgspec.Meta(ge=0.1)] = 120.0
    switch_adapter: bool = True


class Listener(msgspec.Struct, frozen=True, eq=False):
    """A driver that listens: whom to tell what is heard and that the scan runs, and its settings."""

    hear: Callable[[Advert], None]
    ready: Callable[[], None]
    settings: RadioSettings


class Radio:
    """One adapter, listened to by any number of drivers."""

    def __init__(self, adapter: str) -> None:
        self._address = adapter
        self._listeners: list[Listener] = []
        self._scan = Scan(self._heard)
        self._recovery = Recovery()
        self._running: asyncio.Task[str] | None = None
        self._started = False
        self._heard_s = 0.0

    async def listen(self, listener: Listener) -> None:
        """Tell ``listener`` what is heard until cancelled.

        Raises:
            DriverError: The scan cannot be started, or has gone deaf.
        """
        self._listeners.append(listener)
        try:
            running = self._run_for(listener)
            await asyncio.wait([running])
            raise DriverError("the scan was ended" if running.cancelled() else running.result())
        finally:
            self._listeners.remove(listener)
            if not self._listeners:
                await self._end()

    def _run_for(self, listener: Listener) -> asyncio.Task[str]:
        if self._running is None or self._running.done():
            self._started = False
            self._running = asyncio.create_task(self._run())
        elif self._started:
            listener.ready()
        return self._running

    async def _end(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])

    async def _run(self) -> str:
        """Scan until that is no use any more; says why."""
        try:
            async with watched() as daemon:
                reason = await self._scan_with(daemon)
        except DriverError as error:
            reason = str(error)
        except TROUBLE as error:
            reason = f"Bluetooth cannot be used ({error!r}). Check bluetoothd and the adapter."
        return reason + self._recovery.advice()

    async def _scan_with(self, daemon: Bluetoothd) -> str:
        async with asyncio.timeout(PATIENCE_S):
            adapter = await daemon.adapter(self._address)
            await self._switch_if_due(daemon, adapter)
            await daemon.watch_adapter(adapter)
        await self._start(adapter.rpartition("/")[2])
        try:
            self._started = True
            for listener in self._listeners:
                listener.ready()
            return await self._until_deaf(daemon)
        finally:
            await self._scan.stop()

    async def _start(self, adapter: str) -> None:
        try:
            await self._scan.start(adapter)
        except (DriverError, *TROUBLE):
            self._recovery.failed()
            raise

    async def _switch_if_due(self, daemon: Bluetoothd, adapter: str) -> None:
        allowed = all(listener.settings.switch_adapter for listener in self._listeners)
        if allowed and self._recovery.switch_now(time.monotonic()):
            log.warning("%s is deaf or stuck: switched off and on", adapter)
            await daemon.switch_off_and_on(adapter)

    async def _until_deaf(self, daemon: Bluetoothd) -> str:
        self._heard_s = time.monotonic()
        while (left_s := self._heard_s + self._limit_s() - time.monotonic()) > 0:
            await asyncio.wait([daemon.lost], timeout=left_s)
            if daemon.lost.done():
                return f"{daemon.lost.result()}; the scan is started again"
        self._recovery.failed()
        return f"no advertisement with data from any device for {self._limit_s():g} s; the scan is started again"

    def _limit_s(self) -> float:
        return min((listener.settings.silent_after_s for listener in self._listeners), default=0.0)

    def _heard(self, advert: Advert) -> None:
        # A wedged controller may go on reporting devices whose advertisements are empty.
        if advert.service_data or advert.manufacturer_data:
            self._heard_s = time.monotonic()
            self._recovery.heard()
        for listener in tuple(self._listeners):
            listener.hear(advert)


class Radios:
    """The radios of an agent."""

    def __init__(self) -> None:
        self._radios: dict[str, Radio] = {}

    def at(self, adapter: str) -> Radio:
        """The radio of this adapter.

        Raises:
            TableError: Some drivers name an adapter and some do not, so they might share one unawares.
        """
        radio = self._radios.setdefault(adapter.upper(), Radio(adapter))
        if "" in self._radios and len(self._radios) > 1:
            raise TableError("some drivers name an adapter and some do not. Name it in all or in none.", "adapter")
        return radio


def radio_of(settings: RadioSettings, commons: Commons) -> Radio:
    """The radio these settings ask for, shared within the agent.

    Raises:
        TableError: See ``Radios.at``.
    """
    return commons.the(Radios, Radios).at(settings.adapter)
