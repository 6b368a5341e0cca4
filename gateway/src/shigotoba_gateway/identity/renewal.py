"""Renewing the certificate at two thirds of its life, long before anybody has to climb a ladder.

A failed try is repeated an hour later and shown in the status; there is a third of a life to mend the cause. Whoever
speaks to the broker is told of a new certificate at once, so that one which does not work is noticed while there is
time; so it is when a command beside us has claimed or renewed. A machine to which the platform does not listen renews
nothing: it would take the certificate away from the one that is listened to.

Responsible for the time and the step. Refuses to claim: that takes an invitation and a person.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from shigotoba_gateway.identity import platform
from shigotoba_gateway.identity.errors import IdentityError
from shigotoba_gateway.identity.keeping import (
    AUTHORITY,
    Identity,
    adopt,
    pending_key,
    read_identity,
    request_for,
    tidy,
)
from shigotoba_gateway.identity.settings import IdentitySettings

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 60.0
TRY_AGAIN: Final = timedelta(hours=1)


class Standing(msgspec.Struct, frozen=True):
    """How the identity stands.

    Attributes:
        name: Common name of the certificate; empty when there is none.
        ends_at_ms: When it ends, UTC milliseconds.
        renews_at_ms: When it is to be renewed.
        serial: Its serial number, hexadecimal; empty when there is none.
        trouble: Why there is none, or why it could not be renewed; empty when all is well.
    """

    name: str = ""
    ends_at_ms: int | None = None
    renews_at_ms: int | None = None
    trouble: str = ""
    serial: str = ""


def renew_now(settings: IdentitySettings) -> Identity:
    """Exchanges key and certificate for new ones.

    Raises:
        IdentityError: There is no identity, or the platform refuses or does not answer.
    """
    identity = read_identity(settings.directory)
    tidy(settings.directory)
    authority_pem = (settings.directory / AUTHORITY).read_text(encoding="ascii")
    request = request_for(pending_key(settings.directory), identity.name)
    enrolled = platform.renew(settings.platform.rstrip("/"), identity, request, authority_pem)
    renewed = adopt(settings.directory, enrolled.certificate, enrolled.authority)
    tidy(settings.directory)
    log.info("the certificate of %s is renewed, good until %s", renewed.name, renewed.ends.date().isoformat())
    return renewed


class Renewal:
    """Looks once a minute, and when it is due, whether it is time. Start it once; stop it once.

    Attributes:
        on_change: Called when another certificate is in force than at the look before, by whichever thread sees it.
    """

    def __init__(
        self, settings: IdentitySettings, now: Callable[[], datetime], turned_away: Callable[[], bool] = lambda: False
    ) -> None:
        self._settings = settings
        self._now = now
        self._turned_away = turned_away
        self.on_change: Callable[[], None] = lambda: None
        self._serial = ""
        self._trouble = ""
        self._tried_at: datetime | None = None
        self._one_at_a_time = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="renewal", daemon=True)

    def start(self) -> None:
        """Begin to look, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking; a renewal under way is finished by the next start."""
        self._stopping.set()
        self._thread.join(platform.TIMEOUT_S)

    def standing(self) -> Standing:
        """How the identity stands now."""
        try:
            identity = self._read()
        except IdentityError as error:
            return Standing(trouble=str(error))
        return Standing(identity.name, _ms(identity.ends), _ms(identity.renew_at), self._trouble, identity.serial)

    def rotate(self) -> str:
        """Renews at once, whatever the time; says in words what was done.

        Raises:
            IdentityError: It could not be.
        """
        with self._one_at_a_time:
            renew_now(self._settings)
        return f"certificate renewed, good until {self._read().ends.date().isoformat()}"

    def look(self) -> None:
        """Renews if it is time and the last failed try is long enough ago."""
        now = self._now()
        try:
            if self._turned_away() or self._read().renew_at > now or self._tried_lately(now):
                return
            self._tried_at = now
            self.rotate()
        except (IdentityError, OSError) as error:
            if str(error) != self._trouble:
                log.warning("the certificate could not be renewed: %s", error)
            self._trouble = str(error)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.look()
            self._stopping.wait(self._pause_s())

    def _tried_lately(self, now: datetime) -> bool:
        tried = self._tried_at
        return tried is not None and timedelta() <= now - tried < TRY_AGAIN

    def _pause_s(self) -> float:
        """Short before it is due, no longer than until then; the clock may be set at any time."""
        renews_at_ms = self.standing().renews_at_ms
        due_s = LOOK_EVERY_S if renews_at_ms is None else renews_at_ms / 1000 - self._now().timestamp()
        return due_s if 0 < due_s < LOOK_EVERY_S else LOOK_EVERY_S

    def _read(self) -> Identity:
        """The identity in force; one that is new has no past failures."""
        identity = read_identity(self._settings.directory)
        if identity.serial != self._serial:
            known, self._serial = self._serial, identity.serial
            self._tried_at, self._trouble = None, ""
            if known:
                self.on_change()
        return identity


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
