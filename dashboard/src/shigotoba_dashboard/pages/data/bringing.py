"""What is sent to the data page: figures to be looked at, and the word that they are to be kept.

Responsible for these two changes; understanding, comparing and keeping are the backend's. Refuses to keep what was not
shown before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import psycopg

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.imports.catalogue import SERIES
from shigotoba_backend.imports.columns import Meaning
from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.imports.desk import Brought, Understood, understand_file, understand_rows
from shigotoba_backend.imports.keeping import ChangedMeanwhileError, Origin, ReasonWantedError, keep
from shigotoba_backend.read.sites import organisation_of, sections
from shigotoba_backend.texts import texts_in
from shigotoba_dashboard.changes import Change, ChangeRefusedError, Deal, Done
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.pages.data.choosing import NOT_YOURS_TO_BRING, chosen_scope, may_bring, scopes_offered
from shigotoba_dashboard.pages.data.shelf import SHELF, Parcel

TYPED: Final[tuple[Meaning, ...]] = (
    "period",
    "value",
    "numerator",
    "denominator",
    "excluded",
    "excluded_reason",
    "estimate",
    "note",
)


def understood(conn: psycopg.Connection, parcel: Parcel, filters: Filters) -> Understood:
    """What a parcel would change now.

    Raises:
        ComplaintError: It cannot be read at all.
    """
    if parcel.data is not None:
        return understand_file(conn, parcel.brought, parcel.data, {}, filters.today)
    return understand_rows(conn, parcel.brought, parcel.rows, filters.today)


def _show(conn: psycopg.Connection, change: Change) -> Done:
    """Lays the figures on the shelf, if they can be read, and leads to what they would change."""
    parcel = _parcel(conn, change)
    try:
        understood(conn, parcel, change.filters)
    except ComplaintError as complaint:
        raise ChangeRefusedError(complaint.said(texts_in(change.filters.language))) from complaint
    shown = SHELF.put(parcel)
    return Done(change.say("Nothing has been kept yet: look at what would change."), _address(change, shown))


def _parcel(conn: psycopg.Connection, change: Change) -> Parcel:
    series, source = SERIES.get(change.get("series")), change.get("source")
    if series is None:
        raise ChangeRefusedError(change.say("Choose what the figures are about first."))
    if not source:
        raise ChangeRefusedError(change.say("Say where the figures come from, such as the name of a document."))
    data = change.files.get("file")
    row = cast("Mapping[Meaning, str]", {meaning: change.get(meaning) for meaning in TYPED})
    if data is None and not (row["period"] and (row["value"] or row["denominator"])):
        raise ChangeRefusedError(change.say("Choose a file, or type a period and a value."))
    offered = scopes_offered(change.filters, organisation_of(conn, change.site), sections(conn, change.site))
    scope = chosen_scope(change.filters, offered)
    if not may_bring(scope, change.filters):
        raise ChangeRefusedError(change.say(NOT_YOURS_TO_BRING))
    brought = Brought(series, scope, source)
    rows = () if data is not None else (row,)
    person, name = change.filters.visitor.person_id, change.get("file_name")[:200]
    return Parcel(brought, person, change.site, data, rows, name, change.at)


def _keep(conn: psycopg.Connection, change: Change) -> Done:
    """Keeps exactly what was shown."""
    name = change.get("shown")
    parcel = SHELF.get(name, change.filters.visitor.person_id, change.site, change.at)
    if parcel is None:
        raise ChangeRefusedError(change.say("What was brought lay here too long. Bring it again."))
    found = understood(conn, parcel, change.filters)
    if found.problems or found.preview.token != change.get("token"):
        raise ChangeRefusedError(
            change.say("The figures have changed since they were shown. Look at what would change again.")
        )
    origin = Origin(form=found.form, file_name=parcel.file_name, digest=found.digest, site=change.site)
    try:
        kept = keep(conn, found.preview, origin, change.actor, change.get("reason"), change.at)
    except ChangedMeanwhileError as error:
        raise ChangeRefusedError(texts_in(change.filters.language).say(str(error))) from error
    except ReasonWantedError as error:
        text = change.say("{count} figures are corrected: say why.", count=error.corrections)
        raise ChangeRefusedError(text) from error
    SHELF.drop(name)
    told = change.say(
        "Kept: {new} new, {corrected} corrected, {same} as before.",
        new=kept.new,
        corrected=kept.corrected,
        same=kept.same,
    )
    return Done(told, _address(change, None))


def _address(change: Change, shown: str | None) -> str:
    return change.filters.address("data", shown=shown)


CHANGES: Final = {"show": Deal(Action.IMPORT_FIGURES, _show), "keep": Deal(Action.IMPORT_FIGURES, _keep)}
