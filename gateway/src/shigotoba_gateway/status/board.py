"""The notice board of a running gateway: looks every two seconds and shows what it sees wherever it is to be shown.

Responsible for file, light, page, announcement and systemd's watchdog, each where the settings ask for it. Refuses to
let any of them disturb the gateway: what cannot be shown is logged and left.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

import msgspec

from shigotoba_gateway.status.announce import Announcer
from shigotoba_gateway.status.judge import findings
from shigotoba_gateway.status.lights import Light, Step, blinks_for, pattern
from shigotoba_gateway.status.page import StatusPage
from shigotoba_gateway.status.report import Report, write_report
from shigotoba_gateway.status.settings import StatusSettings
from shigotoba_gateway.status.words import sheet
from shigotoba_wire.notify import Notifier

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 2.0
IDENTIFY_S: Final = 60.0


def boot_s() -> float:
    """Seconds since the device was switched on, sleep included; the same for every process."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Board:
    """Shows how the gateway stands. Start it once; stop it once.

    Attributes:
        notifier: The line to systemd; parts that must move say so here.
    """

    def __init__(self, settings: StatusSettings | None, site: str, gateway: str, look: Callable[[], Report]) -> None:
        self.notifier = Notifier()
        self._settings = settings
        self._look = look
        self._latest: Report | None = None
        self._identify_until_s = 0.0
        self._complained = ""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="board", daemon=True)
        self._shows: list[Light | StatusPage | Announcer] = []
        if settings is not None:
            self._shows = _shows(settings, (site, gateway), self._newest, self._next_round)

    def start(self) -> None:
        """Begin, in threads of their own; the gateway takes in by now."""
        for show in self._shows:
            show.start()
        self._thread.start()
        self.notifier.ready()

    def stop(self) -> None:
        """Show nothing any more."""
        self.notifier.stopping()
        self._stopping.set()
        self._thread.join()
        for show in self._shows:
            show.stop()

    def identify(self) -> str:
        """Let the light blink fast for a minute, so that the device can be found."""
        self._identify_until_s = time.monotonic() + IDENTIFY_S
        light = next((show for show in self._shows if isinstance(show, Light)), None)
        if light is None or self._settings is None:
            return "this gateway has no light to blink with; its page says so"
        if light.trouble:
            return f"the light {self._settings.led} cannot be used ({light.trouble}); the gateway's page says so"
        return f"the light {self._settings.led} blinks fast for {IDENTIFY_S:.0f} s"

    def _identifying(self) -> bool:
        return time.monotonic() < self._identify_until_s

    def _newest(self) -> tuple[Report | None, float]:
        return self._latest, boot_s()

    def _next_round(self) -> list[Step]:
        shown = self._latest.findings if self._latest else ()
        return pattern(blinks_for(shown), identify=self._identifying())

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._show()
            except Exception as error:
                if str(error) != self._complained:
                    self._complained = str(error)
                    log.exception("the status cannot be shown; going on")
            self._stopping.wait(LOOK_EVERY_S)

    def _show(self) -> None:
        looked = self._look()
        report = msgspec.structs.replace(looked, findings=findings(looked), identify=self._identifying())
        self._latest = report
        shown = sheet(report, "", report.boot_s, "en")
        self.notifier.beat(shown.remarks[0].says if shown.remarks else shown.verdict)
        if self._settings is not None:
            write_report(self._settings.file, report)

    def health(self) -> dict[str, object]:
        """What the platform is told of it: fields of ``GatewayHealth``."""
        report = self._latest
        if report is None:
            return {}
        ends, serial = (report.identity.ends_at_ms, report.identity.serial) if report.identity else (None, "")
        return {
            "findings": tuple(finding.code for finding in report.findings),
            "certificate_ends_at_ms": ends,
            "certificate": serial,
            "uplink_denied": report.upstream.denied,
        }


def _shows(
    settings: StatusSettings,
    names: tuple[str, str],
    newest: Callable[[], tuple[Report | None, float]],
    next_round: Callable[[], list[Step]],
) -> list[Light | StatusPage | Announcer]:
    shows: list[Light | StatusPage | Announcer] = []
    if settings.led:
        shows.append(Light(settings.leds / settings.led, next_round))
    if settings.page_host:
        try:
            shows.append(StatusPage(settings.page_host, settings.page_port, newest))
        except OSError as error:
            log.warning("no status page at %s:%d (%s)", settings.page_host, settings.page_port, error)
        else:
            if settings.announce:
                shows.append(Announcer(*names, settings.page_port))
    return shows
