"""The gateway's name on the network (mDNS, RFC 6762/6763): found without knowing an address.

Announces the status page as ``_http._tcp`` and ``_shigotoba._tcp``. Addresses come and go (DHCP, a cable pulled), so
what is announced is looked at again from time to time.

Responsible for the announcement. Refuses to fail: without a network it waits for one.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import Final

import ifaddr
from zeroconf import Error as ZeroconfError
from zeroconf import ServiceInfo, Zeroconf

log = logging.getLogger(__name__)

KINDS: Final = ("_http._tcp.local.", "_shigotoba._tcp.local.")
LOOK_EVERY_S: Final = 30.0


def own_addresses() -> list[str]:
    """IPv4 addresses of this device that others can reach."""
    found = [str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4]
    return sorted({each for each in found if not ip_address(each).is_loopback})


class Announcer:
    """Tells the network where the page is. Start it once; stop it once."""

    def __init__(
        self, site: str, gateway: str, port: int, addresses: Callable[[], Sequence[str]] = own_addresses
    ) -> None:
        self._about = {"site": site, "gateway": gateway}
        self._name = f"shigotoba-{gateway}"
        self._port = port
        self._addresses = addresses
        self._announced: list[str] = []
        self._zeroconf: Zeroconf | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="announce", daemon=True)

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Say goodbye."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._look()
            self._stopping.wait(LOOK_EVERY_S)
        self._silence()

    def _look(self) -> None:
        addresses = list(self._addresses())
        if addresses == self._announced:
            return
        self._silence()
        if addresses:
            self._announce(addresses)

    def _announce(self, addresses: list[str]) -> None:
        try:
            self._zeroconf = Zeroconf(interfaces=addresses)
            for kind in KINDS:
                self._zeroconf.register_service(self._service(kind, addresses), allow_name_change=True)
        except (OSError, ZeroconfError) as error:
            log.warning("our name could not be told to the network (%r); trying again", error)
            self._silence()
            return
        self._announced = addresses
        log.info("announced as %s.local at %s", self._name, ", ".join(addresses))

    def _service(self, kind: str, addresses: list[str]) -> ServiceInfo:
        return ServiceInfo(
            kind,
            f"{self._name}.{kind}",
            port=self._port,
            properties={**self._about, "path": "/"},
            server=f"{self._name}.local.",
            parsed_addresses=addresses,
        )

    def _silence(self) -> None:
        if self._zeroconf is not None:
            self._zeroconf.close()
        self._zeroconf, self._announced = None, []
