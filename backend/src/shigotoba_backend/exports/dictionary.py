"""What stands beside the data: every column, every code, and what holds for the file as a whole.

Three small tables, each in long form itself: columns, codes, facts. Responsible for their shape. Refuses the data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, Literal

import msgspec

Kind = Literal["text", "code", "number", "integer", "yes_no", "date", "moment", "period"]
Role = Literal["dimension", "value", "unit", "quality", "note"]
Cell = str | int | float | bool | None


class Code(msgspec.Struct, frozen=True):
    """A value a code column may have; ``brick`` is the class of the point in the Brick schema, where it names one."""

    code: str
    name: str
    name_en: str
    brick: str = ""


class Column(msgspec.Struct, frozen=True):
    """A column.

    Attributes:
        name: Physical name, ASCII.
        kind: What its cells hold.
        role: What it is for; a dimension is never blank.
        title: In Japanese.
        title_en: In English.
        meaning: What it says, in Japanese.
        meaning_en: The same in English.
        unit: Of a number; ``column:unit`` where the column ``unit`` says it row by row.
        codes: Of a code column, everything it may hold.
        region: Whether it names a local government.
    """

    name: str
    kind: Kind
    role: Role
    title: str
    title_en: str
    meaning: str
    meaning_en: str
    unit: str = ""
    codes: tuple[Code, ...] = ()
    region: bool = False


class Layout(msgspec.Struct, frozen=True):
    """How a dataset is laid out.

    Attributes:
        name: Of the dataset, ASCII.
        title: In Japanese.
        title_en: In English.
        version: Grows with every change of columns; the history says what changed.
        history: A line for each version, oldest first.
        columns: In order.
    """

    name: str
    title: str
    title_en: str
    version: int
    history: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def header(self) -> list[str]:
        """Physical names in order."""
        return [column.name for column in self.columns]


class Facts(msgspec.Struct, frozen=True):
    """What holds for one file.

    Attributes:
        organisation: Who publishes it.
        made_at: When it was made.
        encoding: ``UTF-8``; ``binary`` for workbooks and Parquet.
        bom: Whether a byte order mark stands before it.
        asked: What was asked for, such as the first and last day.
    """

    organisation: str
    made_at: datetime
    encoding: str
    bom: bool
    asked: str


def _plain(name: str, title: str, title_en: str) -> Column:
    return Column(name, "text", "note", title, title_en, f"{title}。", f"{title_en}.")


COLUMNS: Final = Layout(
    "dictionary_columns",
    "データ項目定義",
    "Columns",
    1,
    ("1: first",),
    (
        Column(
            "dataset", "text", "dimension", "データセット", "Dataset", "データセットの物理名。", "Its physical name."
        ),
        Column("column", "text", "dimension", "項目", "Column", "項目の物理名。", "Physical name of the column."),
        _plain("title_ja", "項目名", "Japanese title"),
        _plain("title_en", "英語の項目名", "English title"),
        Column("kind", "text", "dimension", "型", "Kind", "セルの型。", "What its cells hold."),
        Column("role", "text", "dimension", "役割", "Role", "次元・値・単位・品質・注記の別。", "What it is for."),
        _plain("unit", "単位", "Unit"),
        _plain("meaning_ja", "定義", "Meaning in Japanese"),
        _plain("meaning_en", "英語の定義", "Meaning in English"),
        _plain("blank", "空白の意味", "What a blank means"),
    ),
)

CODES: Final = Layout(
    "dictionary_codes",
    "コード表",
    "Codes",
    1,
    ("1: first",),
    (
        Column(
            "dataset", "text", "dimension", "データセット", "Dataset", "データセットの物理名。", "Its physical name."
        ),
        Column("column", "text", "dimension", "項目", "Column", "項目の物理名。", "Physical name of the column."),
        Column("code", "text", "dimension", "コード", "Code", "セルに入る値。", "What stands in the cell."),
        _plain("name_ja", "名称", "Japanese name"),
        _plain("name_en", "英語の名称", "English name"),
        _plain("brick_class", "Brickクラス", "Brick class"),
    ),
)

FACTS: Final = Layout(
    "dictionary_facts",
    "データの概要",
    "Facts",
    1,
    ("1: first",),
    (
        Column(
            "dataset", "text", "dimension", "データセット", "Dataset", "データセットの物理名。", "Its physical name."
        ),
        Column("fact", "text", "dimension", "項目", "Fact", "何についてか。", "What it is about."),
        Column("content", "text", "note", "内容", "Content", "その内容。", "What holds."),
    ),
)


def column_rows(layout: Layout) -> Iterator[list[Cell]]:
    """The columns of a dataset, as rows of ``COLUMNS``."""
    for column in layout.columns:
        blank = (
            ""
            if column.role == "dimension"
            else "不明または該当なし（0ではない） / not known or not applicable, not zero"
        )
        yield [
            layout.name,
            column.name,
            column.title,
            column.title_en,
            column.kind,
            column.role,
            column.unit,
            column.meaning,
            column.meaning_en,
            blank,
        ]


def code_rows(layout: Layout) -> Iterator[list[Cell]]:
    """The codes of a dataset, as rows of ``CODES``."""
    for column in layout.columns:
        for code in column.codes:
            yield [layout.name, column.name, code.code, code.name, code.name_en, code.brick]


def fact_rows(layout: Layout, facts: Facts) -> Iterator[list[Cell]]:
    """What holds for a file, as rows of ``FACTS``."""
    told: Iterable[tuple[str, str]] = (
        ("title_ja", layout.title),
        ("title_en", layout.title_en),
        ("publisher", facts.organisation),
        ("made_at", facts.made_at.isoformat(timespec="seconds")),
        ("asked_for", facts.asked),
        ("encoding", facts.encoding),
        ("byte_order_mark", "yes" if facts.bom else "no"),
        ("blank_cells", "not known or not applicable, never zero"),
        ("negative_numbers", "a minus sign before the digits"),
        ("fiscal_year", "1 April to 31 March, named after the year it begins in"),
        ("time_zone", "days are those of the site, moments are UTC"),
        ("layout_version", str(layout.version)),
        *((f"layout_history_{number}", line) for number, line in enumerate(layout.history, start=1)),
    )
    for fact, content in told:
        yield [layout.name, fact, content]
