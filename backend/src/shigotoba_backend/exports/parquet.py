"""Rows into a Parquet file, a batch at a time; titles and units stand in the metadata of each column.

Responsible for this one format.
"""
# pyarrow ships no type information; nothing of it leaves this module.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from shigotoba_backend.exports.dictionary import Cell, Column, Kind, Layout

_BATCH: Final = 10_000

_ARROW: Final[Mapping[Kind, Any]] = {
    "text": pa.string(),
    "code": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "yes_no": pa.bool_(),
    "date": pa.string(),
    "moment": pa.string(),
    "period": pa.string(),
}


def write_parquet(path: Path, layout: Layout, rows: Iterator[list[Cell]]) -> int:
    """Writes ``rows``; how many they were."""
    schema = pa.schema(
        [pa.field(column.name, _ARROW[column.kind], metadata=_about(column)) for column in layout.columns]
    )
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in iter(lambda: list(islice(rows, _BATCH)), []):
            columns = [
                _typed(column, values) for column, values in zip(layout.columns, zip(*batch, strict=True), strict=True)
            ]
            arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            count += len(batch)
    return count


def _typed(column: Column, values: Sequence[Cell]) -> list[Cell]:
    return [float(value) if column.kind == "number" and isinstance(value, int) else value for value in values]


def _about(column: Column) -> Mapping[str, str]:
    return {"title_ja": column.title, "title_en": column.title_en, "unit": column.unit, "role": column.role}
