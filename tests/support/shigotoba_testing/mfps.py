"""Two Ricohs and a Sharp of a simulated building, with counters of one's own, at a time of one's own."""

from __future__ import annotations

from shigotoba_sim.building import Mfp
from shigotoba_sim.faces.mfp.printers import Printers
from shigotoba_sim.faces.mfp.tree import oid
from shigotoba_sim.plan.counters import Counters, effect_of
from shigotoba_sim.plan.events import Job

ON_MS = 1_790_000_000_000
RICOHS = [Mfp(f"mfp-C000R00000{n}", f"C000R00000{n}", f"3f-p{n}", "ricoh", "RICOH IM C4500") for n in (1, 2)]
SHARP = Mfp("mfp-6509415X00", "6509415X00", "4f-p1", "sharp", "SHARP MX-3570N")
COUNTS = Counters(
    print_mono=100, print_colour=30, copy_mono=50, copy_colour=7, fax_print=11, other=2, sheets=150,
    fax_sent=13, fax_received=11, scan_sent=5,
)  # fmt: skip
SERIAL = oid("1.3.6.1.2.1.43.5.1.1.17.1")


class Clock:
    """An hour after the printers were switched on, unless told otherwise."""

    def __init__(self) -> None:
        self.now_ms = ON_MS + 3_600_000

    def __call__(self) -> int:
        return self.now_ms


def printers(
    mfps: list[Mfp], now: Counters = COUNTS, jobs: tuple[Job, ...] = (), clock: Clock | None = None
) -> Printers:
    """Printers whose counters are ``now``, and little before they were switched on."""

    def counters_at(device: str, at_ms: int) -> Counters:
        done = [effect_of(job) for job in jobs if job.mfp == device and job.at_ms <= at_ms]
        return sum(done, now if at_ms > ON_MS else Counters(print_mono=40))

    return Printers(mfps, counters_at, clock or Clock(), ON_MS)
