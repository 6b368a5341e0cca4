"""One line of a comparison, and when a difference counts as explained.

Time: what is not known may have been anything. A product that knows ``known_s`` of a place is right when the truth
lies between what it saw and what it saw plus what it does not know, give or take half a percentage point of the day
(a change is only told as exactly as a sensor tells it). Counts: equal, or the product itself says that something was
missing: hours without data, or a counter that fell. A job at the very end of a day may count for the next one, when
the printer is asked next; a comparison knows how many those are. A loss that nobody but the truth can know of is
``undeclared``: the product is not wrong, but it does not say what it misses.

Responsible for the arithmetic of one line. Refuses to fetch either side.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

import msgspec

Verdict = Literal["equal", "close", "explained", "undeclared", "differs", "not measured"]

CLOSE_SHARE: Final = 0.005
"""Half a percentage point of utilisation."""

WHOLE: Final = 0.999
"""From this coverage on, nothing that counts is missing."""


class Line(msgspec.Struct, frozen=True):
    """A metric of something on a day, or of all days.

    Attributes:
        metric: ``occupied``, ``utilisation``, ``presses`` or the name of a counter.
        of: A space, a printer's place, or a kind of spaces.
        day: The day; None for all of them together.
        unit: ``h``, ``%`` or ``1``.
        truth: What really happened.
        product: What the product says; None for nothing.
        coverage: What share of it the product knows, 0 to 1.
        verdict: Whether the two agree, and why if not.
    """

    metric: str
    of: str
    day: date | None
    unit: str
    truth: float
    product: float | None
    coverage: float
    verdict: Verdict

    @property
    def difference(self) -> float | None:
        """Product less truth."""
        return None if self.product is None else self.product - self.truth


class Seconds(msgspec.Struct, frozen=True):
    """Time at one or several places: occupied in truth, occupied and known by the product, and all there is."""

    truth_s: float
    product_s: float
    known_s: float
    all_s: float

    def __add__(self, more: Seconds) -> Seconds:
        return Seconds(
            self.truth_s + more.truth_s,
            self.product_s + more.product_s,
            self.known_s + more.known_s,
            self.all_s + more.all_s,
        )

    @property
    def coverage(self) -> float:
        """Known share."""
        return self.known_s / self.all_s


NO_TIME: Final = Seconds(0.0, 0.0, 0.0, 0.0)


def occupied(of: str, day: date | None, time: Seconds) -> Line:
    """Hours somebody was there."""
    product = time.product_s / 3600 if time.known_s else None
    return Line("occupied", of, day, "h", time.truth_s / 3600, product, time.coverage, _verdict_of_time(time))


def utilisation(of: str, day: date | None, time: Seconds) -> Line:
    """Occupied time as a share of all time in truth, and of known time in the product, in percent."""
    truth_pct = 100 * time.truth_s / time.all_s
    product_pct = 100 * time.product_s / time.known_s if time.known_s else None
    return Line("utilisation", of, day, "%", truth_pct, product_pct, time.coverage, _verdict_of_time(time))


class Count(msgspec.Struct, frozen=True):
    """How often something happened.

    Attributes:
        truth: Really.
        product: As the product says; None for nothing.
        coverage: Share of the time for which it could count, 0 to 1.
        flagged: The product says that a counter fell or that a device was missing.
        moved_in: What happened so late on the day before that it may count here.
        moved_out: What happened so late that it may count for the day after.
        hidden: A fault was active of which the product cannot know, such as rockers without battery out of hearing.
    """

    truth: int
    product: int | None
    coverage: float
    flagged: bool = False
    moved_in: int = 0
    moved_out: int = 0
    hidden: bool = False


def counted(metric: str, of: str, day: date | None, count: Count) -> Line:
    """A counter's line."""
    return Line(metric, of, day, "1", count.truth, count.product, count.coverage, _verdict_of_count(count))


def timed(
    metric: str, of: str, day: date | None, both_s: tuple[float, float | None], margin_s: float, coverage: float
) -> Line:
    """Hours of what was agreed or given back; ``both_s`` are the truth's and the product's seconds."""
    truth_s, product_s = both_s
    hours = None if product_s is None else product_s / 3600
    if product_s is None:
        verdict: Verdict = "not measured"
    elif abs(product_s - truth_s) <= 1.0:
        verdict = "equal"
    elif abs(product_s - truth_s) <= margin_s:
        verdict = "close"
    else:
        verdict = "explained" if coverage < WHOLE else "differs"
    return Line(metric, of, day, "h", truth_s / 3600, hours, coverage, verdict)


def _verdict_of_time(time: Seconds) -> Verdict:
    margin_s = CLOSE_SHARE * time.all_s
    missing_s = time.truth_s - time.product_s
    if abs(missing_s) <= 1.0:
        return "equal"
    if abs(missing_s) <= margin_s:
        return "close"
    unknown_s = time.all_s - time.known_s
    return "explained" if -margin_s <= missing_s <= unknown_s + margin_s else "differs"


def _verdict_of_count(count: Count) -> Verdict:
    incomplete = count.flagged or count.coverage < WHOLE
    if count.product is None:
        return "explained" if incomplete else "not measured"
    if count.product == count.truth:
        return "equal"
    if -count.moved_out <= count.product - count.truth <= count.moved_in:
        return "close"
    if incomplete:
        return "explained"
    return "undeclared" if count.hidden and count.product < count.truth else "differs"
