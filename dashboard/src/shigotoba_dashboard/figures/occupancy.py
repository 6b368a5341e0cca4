"""The day's occupancy, quarter hour by quarter hour.

Responsible for the share of known time in which seats were taken, today against yesterday. A quarter hour of which
nothing is known is hatched, never drawn as zero. Refuses opening hours: the whole day is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import plotly.graph_objects as go

from shigotoba_backend.read.use import BucketUse
from shigotoba_dashboard.dates import midnight
from shigotoba_dashboard.figures.chart import NO_DATA_PATTERN, Chart, axis, layout
from shigotoba_dashboard.formats import NOTHING, clock, count, percent
from shigotoba_dashboard.palette import BLUE_500, GRAY_420, GRAY_600, GRAY_900
from shigotoba_dashboard.rates import Utilisation, utilisation
from shigotoba_dashboard.records import Field, Records, as_table, number, share
from shigotoba_dashboard.words import Words

BUCKET: Final = timedelta(minutes=15)
DAY: Final = timedelta(days=1)
HEIGHT_PX: Final = 300


@dataclass(frozen=True)
class Quarter:
    """One quarter hour that has begun.

    Attributes:
        start: When it began.
        use: What is known of it.
    """

    start: datetime
    use: Utilisation


def quarters(buckets: Iterable[BucketUse], start: datetime, until: datetime, spaces: int) -> tuple[Quarter, ...]:
    """Every quarter hour from ``start`` to ``until``, those without any data included.

    The one that is still running counts as soon as anything is known of it; until then it is not missing but early.
    """
    known: Mapping[datetime, BucketUse] = {bucket.bucket: bucket for bucket in buckets}
    over, rest = divmod(until - start, BUCKET)
    running = [start + over * BUCKET] if rest and start + over * BUCKET in known else []
    begun = [*(start + number * BUCKET for number in range(over)), *running]
    return tuple(_quarter(at, known, until, spaces) for at in begun)


def _quarter(start: datetime, known: Mapping[datetime, BucketUse], end: datetime, spaces: int) -> Quarter:
    passed_s = min(BUCKET, end - start).total_seconds()
    return Quarter(start, utilisation([known[start]] if start in known else [], spaces, passed_s))


def occupancy_chart(
    today: Sequence[Quarter], yesterday: Sequence[Quarter], now: datetime, zone: ZoneInfo, words: Words
) -> Chart:
    """Today's quarter hours as bars over yesterday's as a line.

    Args:
        today: Quarter hours of today, up to now.
        yesterday: Quarter hours of yesterday, the whole day.
        now: As-of time; marked on the time axis.
        zone: The site's.
        words: The reader's.
    """
    return Chart(
        figure=_figure(today, yesterday, now, zone, words),
        sentence=_sentence(today, zone, words),
        table=as_table(quarter_records(today, zone, words)),
    )


def _figure(
    today: Sequence[Quarter], yesterday: Sequence[Quarter], now: datetime, zone: ZoneInfo, words: Words
) -> go.Figure:
    day = now.astimezone(zone).date()
    return go.Figure(
        data=[
            _bars(today, zone, words.say("Today")),
            _line(yesterday, zone, words.say("Yesterday")),
            _unknown(today, zone, words.say("No data")),
        ],
        layout=layout(
            height=HEIGHT_PX,
            bargap=0,
            barmode="overlay",
            shapes=[_now_line(now, zone)],
            xaxis=axis(
                type="date",
                range=[_local(midnight(day, zone), zone), _local(midnight(day + DAY, zone), zone)],
                dtick=timedelta(hours=2) / timedelta(milliseconds=1),
                tickformat="%-H:%M",
                hoverformat="%H:%M",
            ),
            yaxis=axis(range=[0, 100], dtick=25, ticksuffix="%"),
        ),
    )


def _now_line(now: datetime, zone: ZoneInfo) -> dict[str, object]:
    at = _local(now, zone)
    line = {"color": GRAY_600, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _local(at: datetime, zone: ZoneInfo) -> str:
    """A moment as plotly shows it: without its zone, for it would be turned into the browser's."""
    return at.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")


def _bars(today: Sequence[Quarter], zone: ZoneInfo, name: str) -> go.Bar:
    return go.Bar(
        name=name,
        x=[_local(quarter.start, zone) for quarter in today],
        y=[_height(quarter) for quarter in today],
        width=BUCKET / timedelta(milliseconds=1),
        offset=0,
        marker={"color": BLUE_500, "line": {"width": 0}},
        hovertemplate="%{y:.1f}%",
    )


def _height(quarter: Quarter) -> float | None:
    return None if quarter.use.share is None else round(quarter.use.share * 100, 1)


def _line(yesterday: Sequence[Quarter], zone: ZoneInfo, name: str) -> go.Scatter:
    return go.Scatter(
        name=name,
        x=[_local(quarter.start + DAY, zone) for quarter in yesterday],
        y=[_height(quarter) for quarter in yesterday],
        mode="lines",
        line={"color": GRAY_900, "width": 2, "dash": "dash", "shape": "hv"},
        connectgaps=False,
        hovertemplate="%{y:.1f}%",
    )


def _unknown(today: Sequence[Quarter], zone: ZoneInfo, name: str) -> go.Bar:
    return go.Bar(
        name=name,
        x=[_local(quarter.start, zone) for quarter in today],
        y=[100 if quarter.use.share is None else None for quarter in today],
        width=BUCKET / timedelta(milliseconds=1),
        offset=0,
        marker={"pattern": NO_DATA_PATTERN, "line": {"width": 0, "color": GRAY_420}},
        hovertemplate=NOTHING,
        showlegend=True,
    )


def _sentence(today: Sequence[Quarter], zone: ZoneInfo, words: Words) -> str:
    known = [quarter for quarter in today if quarter.use.share is not None]
    if not known:
        return words.say("No occupancy is known for today yet.")
    peak = max(known, key=lambda quarter: quarter.use.share or 0.0)
    return words.say(
        "Most seats were taken in the 15 minutes from {time}: {share}. Quarter hours without data: {missing}.",
        time=clock(peak.start, zone),
        share=percent(peak.use.share),
        missing=count(len(today) - len(known)),
    )


def quarter_records(today: Sequence[Quarter], zone: ZoneInfo, words: Words) -> Records:
    """The same as rows."""
    fields = (
        Field("from", words.say("From"), "", lambda start: clock(start, zone)),
        share("utilisation", words.say("Seat utilisation")),
        number("occupied", words.say("In use (seat-minutes)"), "seat_min"),
        number("known", words.say("Known (seat-minutes)"), "seat_min"),
        share("coverage", words.say("Data coverage")),
    )
    rows = tuple(
        (
            quarter.start.astimezone(zone),
            quarter.use.share,
            round(quarter.use.occupied_s / 60) if quarter.use.known_s else None,
            round(quarter.use.known_s / 60),
            quarter.use.coverage,
        )
        for quarter in today
    )
    return Records("occupancy-today", words.say("Occupancy of the seats today, every 15 minutes"), fields, rows)
