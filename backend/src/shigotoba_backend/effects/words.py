"""An effect in plain words, Japanese or English: what can be concluded, and what cannot.

Responsible for the sentences. Refuses to round a doubt away: without a clear change it says that the data do not show
one, not that there was none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shigotoba_backend.effects.estimating import FEWEST_AFTER, FEWEST_BEFORE
from shigotoba_backend.effects.model import Caution, Effect, Verdict
from shigotoba_backend.texts import Texts, message

_VERDICTS: Final[Mapping[Verdict, str]] = {
    "fell": message("{indicator} fell by about {size} {unit} (95 % interval: {low} to {high})."),
    "rose": message("{indicator} rose by about {size} {unit} (95 % interval: {low} to {high})."),
    "no_clear_change": message(
        "The data do not show a clear change of {indicator}: anything from {low} to {high} {unit} fits them. "
        "That is not proof that there was none."
    ),
    "cannot_tell": message("Nothing can be concluded about {indicator} yet."),
}
_METHODS: Final = {
    "before_and_after": message("Compared: {before} months before and {after} months after, at the same place."),
    "against_comparison": message(
        "Compared: {before} months before and {after} months after, as the difference from places without the change."
    ),
}
_CAUTIONS: Final[Mapping[Caution, str]] = {
    "no_comparison": message(
        "There is no place without the change to compare with, so anything else that changed at the same time is in it."
    ),
    "too_few_before": message("At least {fewest_before} months before are needed; there are {before}."),
    "too_few_after": message("At least {fewest_after} months after are needed; there are {after}."),
    "season_not_separated": message("Less than a year is known before, so the seasons may be part of the difference."),
    "trend_not_separated": message(
        "Too few months are known to separate a change that was already under way; it may be part of the difference."
    ),
    "drifting_apart_before": message(
        "The places were already moving apart before, so the difference cannot be ascribed to the initiative."
    ),
    "months_missing": message("Some months in between are not known."),
    "measured_too_little": message(
        "Months of which much was not measured are left out: the figure is then smaller without any change."
    ),
    "printers_changed": message(
        "The number of printers measured changed within these months; what came or went with them is part of the "
        "difference."
    ),
    "holidays_not_separated": message(
        "No opening hours are known, so months with more or fewer working days may be part of the difference."
    ),
    "estimates_within": message("Some of the months are estimates."),
    "others_at_the_same_time": message(
        "At the same time and place there was also: {others}. Their effects cannot be told apart."
    ),
    "not_varying": message("The figures do not vary at all; look whether they are measured."),
}
_PER_OPEN_DAY: Final = message("{unit} per open day")


def words(effect: Effect, indicator: str, unit: str, decimals: int, texts: Texts) -> list[str]:
    """Sentences, the conclusion first."""
    facts = _facts(effect, indicator, unit, decimals, texts)
    said = [texts.say(_VERDICTS[effect.verdict], **facts)]
    if effect.method != "none":
        said.append(texts.say(_METHODS[effect.method], **facts))
    return said + [texts.say(_CAUTIONS[caution], **facts) for caution in effect.cautions]


def _facts(effect: Effect, indicator: str, unit: str, decimals: int, texts: Texts) -> dict[str, str | int]:
    shown = {name: _number(getattr(effect, name), decimals) for name in ("low", "high")}
    return shown | {
        "indicator": indicator,
        "unit": texts.say(_PER_OPEN_DAY, unit=unit) if effect.per_open_day else unit,
        "size": _number(None if effect.estimate is None else abs(effect.estimate), decimals),
        "before": effect.months_before,
        "after": effect.months_after,
        "fewest_before": FEWEST_BEFORE,
        "fewest_after": FEWEST_AFTER,
        "others": "、".join(effect.others) if texts.language == "ja" else ", ".join(effect.others),
    }


def _number(value: float | None, decimals: int) -> str:
    return "—" if value is None else f"{value:,.{decimals}f}"
