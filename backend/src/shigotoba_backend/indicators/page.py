"""The dictionary of indicators as a page: ``python -m shigotoba_backend.indicators.page > docs/indicators.md``.

Responsible for the words around the registry. Refuses to define anything: definitions live with the indicators.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Final

from shigotoba_backend.indicators.model import Indicator
from shigotoba_backend.indicators.registry import REGISTRY, TELEMETRY

_HEAD: Final = """\
# 指標一覧 Indicators

Written by `python -m shigotoba_backend.indicators.page` from the registry; do not edit it here.

Every value states its scope, unit, basis, base year with the months compared, coverage (データ取得率), whether it is an
estimate (推計), what is excluded, and when late data changed it (更新). Zero is not missing: a rate over nothing is “—”
with the reason. A change is negative when there is less: −60.0 is a reduction by 60 %.

| basis | 基準 | what is told |
|---|---|---|
| `single_month` | 単月 | the month; a change holds it against the mean month of the base year |
| `same_month` | 同月比 | the month; a change holds it against the same month of the base year |
| `fiscal_year_to_date` | 年度累計 | April up to the month, against the same months |
| `fiscal_year` | 年度 | 1 April to 31 March, against the same months |

Only months that both sides have are compared, and a month that is not over is not compared. Fiscal years run from 1
April to 31 March by Japan's clock.

Fewer than five people are never shown (`people`: staff on the roll; `seats`: seats, and staff where known; `printers`:
staff of the section a printer serves; where no headcount of that section is kept for the year, nobody can show that
five work there, and its printers are not told by themselves, while one that serves no section is everybody's), nor is
anything from which such a cell could be worked out, in whatever set of tables: what is hidden is settled per fiscal
year for the whole family of indicators. Where sensors are silent and too few seats answer in a quarter of an hour, that
quarter counts as unknown for them in every figure, and coverage falls.
5人未満が分かる値は出しません。職員数が登録されていない所属の複合機も、単独では出しません。応答した席が少ない15分は、どの合計でも「不明」として扱います。
"""

_NOTHING: Final = "—"


def page() -> str:
    """The page."""
    imported = [each for each in REGISTRY.values() if each.source == "import"]
    return "\n".join([_HEAD, *_part("計測値から From telemetry", TELEMETRY), *_part("取り込み Imported", imported)])


def _part(title: str, indicators: Sequence[Indicator]) -> Iterator[str]:
    yield f"## {title}\n"
    for each in indicators:
        yield f"### {each.name} {each.name_en}\n"
        yield f"{each.definition}\n\n{each.definition_en}\n"
        yield "| key | formula | unit | better | small cells | anchor |\n|---|---|---|---|---|---|"
        direction = {"up": "more", "down": "less", "none": _NOTHING}[each.direction]
        cells = _NOTHING if each.small_cells == "none" else each.small_cells
        yield (
            f"| `{each.key}` | {each.formula} | {each.unit} | {direction} | {cells} | {each.anchor or _NOTHING} |\n\n"
            f"Told of: {', '.join(each.scopes)}. On: {', '.join(each.bases)}.\n"
        )


if __name__ == "__main__":
    sys.stdout.write(page())
