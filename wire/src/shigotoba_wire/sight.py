"""How the way to a receiver looks from the sender's side, noted as things happen.

Responsible for the moments. Refuses to judge them: how long is too long is the reader's business.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec


class Sight(msgspec.Struct, frozen=True):
    """How the way to the receiver looks from here; times are monotonic seconds.

    A broker that speaks MQTT 3.1.1 acknowledges what its access rules deny. So the sender also listens to its own
    health: what never comes back was given to nobody.

    Attributes:
        connected: Whether the broker can be reached now.
        trouble: Why it cannot, in words; empty while it can.
        denied: Topics on which the broker refused what we published, where it says so (MQTT 5).
        connected_at_s: Since when it can be reached.
        receipt_at_s: When the receiver last confirmed something.
        echoed_at_s: When our own health last came back over this connection.
        unanswered_since_s: Since when batches are under way without any receipt.
    """

    connected: bool
    trouble: str = ""
    denied: frozenset[str] = frozenset()
    connected_at_s: float | None = None
    receipt_at_s: float | None = None
    echoed_at_s: float | None = None
    unanswered_since_s: float | None = None


class Lookout:
    """Notes the moments. Told by the sender's threads, asked by others."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._connected_at_s: float | None = None
        self._receipt_at_s: float | None = None
        self._echoed_at_s: float | None = None
        self._unanswered_since_s: float | None = None

    def connected(self) -> None:
        """There is a new connection."""
        self._connected_at_s = self._now_s()
        self._echoed_at_s = self._unanswered_since_s = None

    def echoed(self) -> None:
        """Our own health came back."""
        self._echoed_at_s = self._now_s()

    def sent(self) -> None:
        """A batch is under way."""
        if self._unanswered_since_s is None:
            self._unanswered_since_s = self._now_s()

    def receipted(self) -> None:
        """The receiver has answered."""
        self._receipt_at_s, self._unanswered_since_s = self._now_s(), None

    def away(self, trouble: str, denied: frozenset[str]) -> Sight:
        """The sight while there is no connection."""
        return Sight(False, trouble, denied, receipt_at_s=self._receipt_at_s)

    def there(self, denied: frozenset[str]) -> Sight:
        """The sight while there is one."""
        return Sight(
            True,
            denied=denied,
            connected_at_s=self._connected_at_s,
            receipt_at_s=self._receipt_at_s,
            echoed_at_s=self._echoed_at_s,
            unanswered_since_s=self._unanswered_since_s,
        )
