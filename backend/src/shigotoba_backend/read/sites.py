"""Every site there is, the organisation it belongs to, and that organisation's sections.

Responsible for the lists that a page may choose from. Refuses permissions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import psycopg

from shigotoba_backend.read.now import SiteInfo, UnknownSiteError
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("sites.sql", package="shigotoba_backend.read")


def sites(conn: psycopg.Connection) -> list[SiteInfo]:
    """All sites, by code."""
    return rows_of(conn, SiteInfo, _QUERIES["sites"], {})


def organisation_of(conn: psycopg.Connection, site: str) -> str:
    """Code of the organisation that a site belongs to.

    Raises:
        UnknownSiteError: There is no such site.
    """
    row = conn.execute(_QUERIES["organisation_of"], {"site": site}).fetchone()
    if row is None:
        raise UnknownSiteError(f"No site {site!r} in the database. Import its site.json first.")
    return str(row[0])


@dataclass(frozen=True, slots=True)
class SectionInfo:
    """A section of an organisation.

    Attributes:
        organisation: The organisation's code.
        code: Its identity in the organisation.
        name: In Japanese.
        name_en: In English.
    """

    organisation: str
    code: str
    name: str
    name_en: str


def sections(conn: psycopg.Connection, site: str) -> list[SectionInfo]:
    """The sections of the site's organisation, by code."""
    return rows_of(conn, SectionInfo, _QUERIES["sections"], {"site": site})
