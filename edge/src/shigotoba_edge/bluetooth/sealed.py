"""Opens sealed frames (AES-128-CCM) and takes each only once, however often it is sent again.

A frame is accepted only when it is sealed with the device's key and its counter is greater than that of the last one
accepted. The counter of a frame that does not open is not believed.

Responsible for that judgement. Refuses to know where a protocol keeps nonce and counter.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib
from collections.abc import Mapping
from typing import Final, Protocol

import msgspec

from shigotoba_edge.bluetooth.counters import Reached
from shigotoba_edge.frames import FrameError

MIC_BYTES: Final = 4


class Sealed(msgspec.Struct, frozen=True):
    """A sealed frame, taken apart.

    Attributes:
        counter: The sender's, greater with each message.
        nonce: 12 or 13 bytes, as the protocol composes them.
        ciphertext: With the 4 bytes of MIC behind it.
        associated: What is authenticated but not encrypted.
    """

    counter: int
    nonce: bytes
    ciphertext: bytes
    associated: bytes | None = None


class Cipher(Protocol):
    """Opens what is sealed with one key; ``cipher.Cipher`` is one."""

    def open(self, nonce: bytes, ciphertext: bytes, associated: bytes | None) -> bytes | None:
        """What is in it; None if the key does not open it."""
        ...


class Keyring:
    """The keys of devices, and how far each has counted since it last began from the start (``restarts``)."""

    def __init__(self, keys: Mapping[str, bytes], restarts: Mapping[str, int] | None = None) -> None:
        times = restarts or {}
        self._ciphers = _ciphers(keys) if keys else {}
        self._marks = {device: key_mark(key, times.get(device, 0)) for device, key in keys.items()}
        self._reached: dict[str, int] = {}
        self._unsaved: set[str] = set()
        self._heard: dict[str, Sealed] = {}

    def restore(self, reached: Mapping[str, Reached]) -> None:
        """Go on where the counters stood; those of other keys, and from before a restart, do not count."""
        for device, at in reached.items():
            if self._marks.get(device) == at.key_mark:
                self._reached[device] = max(at.counter, self._reached.get(device, at.counter))

    def admit_plain(self, device: str) -> None:
        """A plain frame came from ``device``.

        Raises:
            FrameError: It has a key, so anybody may have sent this.
        """
        if device in self._ciphers:
            raise FrameError("plaintext_though_keyed", f"{device} has a key and sent a plain frame")

    def open(self, device: str, sealed: Sealed) -> bytes | None:
        """What is in the frame; None if it is the one heard last, heard again.

        Raises:
            FrameError: There is no key, it is another key, or the frame is not newer than the last one accepted.
        """
        cipher = self._ciphers.get(device)
        if cipher is None:
            raise FrameError("encrypted_without_key", f"no key is known for {device}")
        if sealed == self._heard.get(device):
            return None
        if sealed.counter <= self._reached.get(device, -1):
            raise FrameError("replayed", f"{device}: counter {sealed.counter} is not above {self._reached[device]}")
        opened = cipher.open(sealed.nonce, sealed.ciphertext, sealed.associated)
        if opened is None:
            raise FrameError("wrong_key", f"{device}: the key does not open the frame")
        self._heard[device] = sealed
        self._reached[device] = sealed.counter
        self._unsaved.add(device)
        return opened

    def take_unsaved(self) -> dict[str, Reached]:
        """What has been reached since the last call."""
        devices, self._unsaved = self._unsaved, set()
        return {device: Reached(self._marks[device], self._reached[device]) for device in devices}

    def give_back(self, unsaved: Mapping[str, Reached]) -> None:
        """These could not be saved."""
        self._unsaved.update(unsaved)


def _ciphers(keys: Mapping[str, bytes]) -> dict[str, Cipher]:
    """A cipher for each device; the library is loaded only now."""
    module = importlib.import_module("shigotoba_edge.bluetooth.cipher")
    return {device: module.Cipher(key, MIC_BYTES) for device, key in keys.items()}


def key_mark(key: bytes, restarts: int = 0) -> str:
    """Tells one key from another, and its counters from those before a restart, and gives no key away."""
    generation = f" {restarts}" if restarts else ""
    return hmac.new(key, f"shigotoba counter{generation}".encode(), hashlib.sha256).hexdigest()[:16]
