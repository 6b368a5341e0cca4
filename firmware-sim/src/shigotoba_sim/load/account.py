"""What has been offered, what of it is receipted, and how long that took.

Responsible for the books. Refuses to know clocks and brokers: times come in, in seconds of one monotonic clock.
"""

from __future__ import annotations

from statistics import quantiles

import msgspec

from shigotoba_sim.load.offer import Parcel
from shigotoba_wire.receipts import Receipt, digest_of


class Outcome(msgspec.Struct, frozen=True):
    """What became of a load; readings, and seconds.

    Attributes:
        offered: Readings handed to the broker at least once.
        receipted: Of those, committed by the receiver.
        refused: Of those, never to be accepted.
        lost: Of those, of which nothing was heard by the end.
        duplicated: Readings handed to the broker once more, on purpose or because no receipt came in time.
        wall_s: From the first to the last receipt heard, or to the end.
        own_cpu_s: Processor time of the generator itself.
        latency_s: From first handing over to the receipt, by percentile of batches: ``p50``, ``p95``, ``p99``, ``max``.
    """

    offered: int
    receipted: int
    refused: int
    lost: int
    duplicated: int
    wall_s: float
    own_cpu_s: float
    latency_s: dict[str, float]

    @property
    def receipted_per_s(self) -> float:
        """Throughput."""
        return self.receipted / self.wall_s if self.wall_s else 0.0

    @property
    def own_share(self) -> float:
        """Processor time of the generator per second of the run, in cores."""
        return self.own_cpu_s / self.wall_s if self.wall_s else 0.0


class _Sent(msgspec.Struct):
    parcel: Parcel
    first_s: float
    last_s: float


class Account:
    """The books of one run."""

    def __init__(self) -> None:
        self._under_way: dict[tuple[str, int], _Sent] = {}
        self._latencies_s: list[float] = []
        self._offered = self._receipted = self._refused = self._duplicated = 0
        self._first_s = self._last_s = 0.0

    @property
    def under_way(self) -> int:
        """Batches without receipt."""
        return len(self._under_way)

    @property
    def receipted(self) -> int:
        """Readings receipted so far."""
        return self._receipted

    def sent(self, parcel: Parcel, now_s: float) -> None:
        """A batch was handed to the broker, for the first time or once more."""
        key = parcel.gateway, parcel.first_seq
        known = self._under_way.get(key)
        if known is None:
            self._under_way[key] = _Sent(parcel, now_s, now_s)
            self._offered += parcel.count
            self._first_s = self._first_s or now_s
        else:
            known.last_s = now_s
            self._duplicated += parcel.count

    def overdue(self, before_s: float) -> list[Parcel]:
        """The batches that were last sent before then and are still without receipt."""
        return [sent.parcel for sent in self._under_way.values() if sent.last_s < before_s]

    def heard(self, gateway: str, receipt: Receipt, now_s: float) -> None:
        """A receipt for ``gateway`` has come."""
        settled = [
            key
            for key in self._under_way
            if key[0] == gateway and any(span.first <= key[1] < span.first + span.count for span in receipt.stored)
        ]
        for key in settled:
            sent = self._under_way.pop(key)
            self._receipted += sent.parcel.count
            self._latencies_s.append(now_s - sent.first_s)
        for rejection in receipt.rejected:
            self._refuse(gateway, rejection.digest)
        self._last_s = now_s

    def _refuse(self, gateway: str, digest: str) -> None:
        for key, sent in list(self._under_way.items()):
            if key[0] == gateway and digest_of(sent.parcel.payload) == digest:
                self._refused += self._under_way.pop(key).parcel.count

    def outcome(self, own_cpu_s: float) -> Outcome:
        """The books closed."""
        return Outcome(
            offered=self._offered,
            receipted=self._receipted,
            refused=self._refused,
            lost=sum(sent.parcel.count for sent in self._under_way.values()),
            duplicated=self._duplicated,
            wall_s=max(self._last_s - self._first_s, 0.0),
            own_cpu_s=own_cpu_s,
            latency_s=_percentiles(self._latencies_s),
        )


def _percentiles(values_s: list[float]) -> dict[str, float]:
    if len(values_s) < 2:
        return dict.fromkeys(("p50", "p95", "p99", "max"), values_s[0]) if values_s else {}
    cuts = quantiles(values_s, n=100, method="inclusive")
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(values_s)}
