"""Files for others to work with: datasets in five formats, each with its dictionary."""

from __future__ import annotations

from datetime import date
from pathlib import Path as FilePath
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Access, Db, Now, allowed
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import REASONS
from shigotoba_backend.exports.datasets import DATASETS, Asked, Dataset
from shigotoba_backend.exports.dictionary import Facts
from shigotoba_backend.exports.formats import FORMS, Form
from shigotoba_backend.exports.making import TooLongError, dictionary, export
from shigotoba_backend.exports.workbook import TooManyRowsError
from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.texts import message

router = APIRouter(prefix="/sites/{site}/exports", tags=["exports"])

REASONS["no_such_dataset"] = message("There is no dataset “{dataset}”.")
REASONS["no_such_indicator"] = message("There is no indicator “{indicator}”.")
REASONS["ends_before_it_begins"] = message("The last day {last} is before the first {first}.")
REASONS["too_many_days"] = message("One file covers at most {most} days. Ask for a shorter time.")
REASONS["too_many_rows"] = message("An Excel sheet holds {most} rows. Ask for a shorter time, or for CSV or Parquet.")

_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "The file"}
}

MayExport = Annotated[Access, Depends(allowed(Action.EXPORT_FIGURES))]
Name = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]
Chosen = Annotated[Form, Query(alias="format", description="csv is UTF-8 without BOM, csv-bom with it for Excel")]


class Options(BaseModel):
    """What the file should hold, and how it should be."""

    first: date = Field(description="The first day")
    last: date = Field(description="The last day, included")
    form: Form = Field(default="csv", alias="format", description="csv is UTF-8 without BOM, csv-bom with it for Excel")
    indicators: str = Field(default="", max_length=4000, description="Of the dataset indicators: keys, by commas")


class DatasetOffered(BaseModel):
    """A dataset and the columns it has."""

    name: str
    title: str
    title_en: str
    layout_version: int
    columns: list[str]
    formats: list[str]


@router.get("")
def offered(access: MayExport) -> list[DatasetOffered]:
    """Every dataset."""
    del access
    return [
        DatasetOffered(
            name=name,
            title=each.layout.title,
            title_en=each.layout.title_en,
            layout_version=each.layout.version,
            columns=each.layout.header,
            formats=list(FORMS),
        )
        for name, each in DATASETS.items()
    ]


@router.get("/{dataset}", response_class=FileResponse, responses=_FILE)
def download(
    conn: Db,
    now: Now,
    access: MayExport,
    dataset: Name,
    options: Annotated[Options, Query()],
) -> FileResponse:
    """The rows of some days. The file is made as a whole before it is sent, and noted in the audit log."""
    _known(dataset)
    first, last = options.first, options.last
    asked = Asked(
        organisation=access.person.organisation,
        site=access.site,
        first=first,
        last=last,
        now=now,
        keys=_keys(options.indicators),
    )
    if last < first:
        raise ProblemError(422, "ends_before_it_begins", {"first": first.isoformat(), "last": last.isoformat()})
    room = TemporaryDirectory(prefix="shigotoba-export-")
    try:
        made = export(conn, dataset, options.form, asked, access.actor, FilePath(room.name))
    except Exception as error:
        room.cleanup()
        raise _refusal(error) from error
    headers = {"X-Rows": str(made.made.rows), "Link": f'<{dataset}/dictionary/columns>; rel="describedby"'}
    media_type, done = made.made.media_type, BackgroundTask(room.cleanup)
    return FileResponse(made.path, headers=headers, media_type=media_type, filename=made.name, background=done)


@router.get("/{dataset}/dictionary/{part}", response_class=Response, responses=_FILE)
def described(
    now: Now, access: MayExport, dataset: Name, part: Literal["columns", "codes", "facts"], form: Chosen = "csv-bom"
) -> Response:
    """A table of the dictionary: what each column means, what each code means, or what holds for the whole."""
    layout = _known(dataset).layout
    facts = Facts(access.person.organisation, now, "UTF-8", form == "csv-bom", "")
    with TemporaryDirectory(prefix="shigotoba-export-") as room:
        path = FilePath(room) / "dictionary"
        made = dictionary(part, form, layout, facts, path)
        data = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{dataset}_{part}{made.suffix}"'}
    return Response(data, headers=headers, media_type=made.media_type)


def _refusal(error: Exception) -> Exception:
    match error:
        case TooLongError():
            return ProblemError(422, "too_many_days", {"most": error.most})
        case TooManyRowsError():
            return ProblemError(422, "too_many_rows", {"most": error.most})
        case _:
            return error


def _known(dataset: str) -> Dataset:
    try:
        return DATASETS[dataset]
    except KeyError as error:
        others = [{"dataset": name} for name in DATASETS]
        raise ProblemError(404, "no_such_dataset", {"dataset": dataset}, others) from error


def _keys(text: str) -> tuple[str, ...]:
    keys = tuple(key for key in text.split(",") if key)
    for key in keys:
        if key not in REGISTRY:
            raise ProblemError(404, "no_such_indicator", {"indicator": key})
    return keys
