"""A site's sections and how many people work in each, into the database.

Sections that are there stay, under the names that the file gives; a headcount of another day is a new row, so that
figures per person of earlier years keep their denominator.

Responsible for these two tables. Refuses to remove a section.
"""

from __future__ import annotations

from typing import Final

import msgspec
import psycopg

from shigotoba_backend.site.description import SiteFile, SiteFileError
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("staff.sql", package="shigotoba_backend.site")


def put_staff(conn: psycopg.Connection, site_id: int, described: SiteFile) -> None:
    """Brings sections and headcounts in line with the file, within the caller's transaction.

    Raises:
        SiteFileError: A headcount, or a section's ``part_of``, names a section that nobody has described.
    """
    in_site = {"site_id": site_id}
    sections = [in_site | msgspec.structs.asdict(section) for section in described.sections]
    counts = [in_site | msgspec.structs.asdict(count) for count in described.headcounts]
    with conn.cursor() as cursor:
        cursor.executemany(_QUERIES["put_section"], sections)
        cursor.executemany(_QUERIES["part_of"], [section for section in sections if section["part_of"] is not None])
        cursor.executemany(_QUERIES["put_headcount"], counts)
    named = {count.section for count in described.headcounts} | {s.part_of for s in described.sections if s.part_of}
    known = {row[0] for row in conn.execute(_QUERIES["known"], in_site | {"sections": sorted(named)})}
    if named - known:
        raise SiteFileError(f"Sections {', '.join(sorted(named - known))} are named but nowhere described. Add them.")
