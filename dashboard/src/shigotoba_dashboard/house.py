"""From an address to a page: who may see it, what it is asked, and what is drawn.

Responsible for the way from an address to components, and from an address to records, whatever goes wrong on it.
Refuses Dash's wiring (see ``routes``) and the look of the frame (see ``frame``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.read.now import floors, site_info
from shigotoba_backend.read.sites import sites
from shigotoba_dashboard import stand_ins
from shigotoba_dashboard.answers import Answers
from shigotoba_dashboard.feed import DatabaseEmptyError, NoAnswerError
from shigotoba_dashboard.filters import Filters, Places, asked_in, read_filters
from shigotoba_dashboard.frame import Drawn, page_frame
from shigotoba_dashboard.pages import PAGES
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.paths import BASE_PATH
from shigotoba_dashboard.records import Records
from shigotoba_dashboard.visitors import Visitor
from shigotoba_dashboard.words import language_of, words_in

_log = logging.getLogger(__name__)

#: Sites and floors change when somebody changes the settings, not by the minute.
_PLACES_FRESH_FOR_S: Final = 15.0


class NotForYouError(Exception):
    """The visitor may not see the page at this site."""


class NoSuchPageError(LookupError):
    """No page has this path."""


@dataclass(frozen=True)
class House:
    """What every answer needs.

    Attributes:
        site: Code of the site that is shown when the address names none.
        answers: The way to the database.
        clock: The present, aware.
    """

    site: str
    answers: Answers
    clock: Callable[[], datetime]

    def show(self, pathname: str | None, search: str | None, visitor: Visitor) -> Drawn:
        """The page at an address; in its place, where there is none, what is the matter."""
        asked = asked_in(search)
        words = words_in(language_of(asked.get("lang")))
        try:
            page = find(pathname)
            filters = self._filters(asked, page, visitor)
            view = self._view(page, filters)
            return page_frame(page, filters, visitor, page.draw(view, filters), page.records(view, filters))
        except NoSuchPageError:
            return stand_ins.no_such_page(pathname or "", words)
        except NotForYouError:
            return stand_ins.not_for_you(words)
        except DatabaseEmptyError:
            return stand_ins.not_ready(words)
        except NoAnswerError:
            return stand_ins.away(words)
        except Exception:
            _log.exception("the page at %s?%s could not be drawn", pathname, search)
            return stand_ins.broken(words)

    def records(self, path: str, search: str, key: str, visitor: Visitor) -> tuple[Filters, Records]:
        """One table of a page, for a file.

        Raises:
            NoSuchPageError: There is no such page or table.
            NotForYouError: The visitor may not take it home.
            NoAnswerError: The database gave no answer.
        """
        page = find(f"{BASE_PATH}{path}")
        filters = self._filters(asked_in(search), page, visitor)
        if not visitor.may(Action.EXPORT_FIGURES, filters.site):
            raise NotForYouError
        for records in page.records(self._view(page, filters), filters):
            if records.key == key:
                return filters, records
        raise NoSuchPageError(key)

    def _view(self, page: Page[Any], filters: Filters) -> Any:
        key = (page.path, filters.site, filters.floor, filters.elapsed, filters.period, filters.more, filters.today)
        return self.answers.get(key, page.fresh_for_s, lambda conn: page.read(conn, filters))

    def _filters(self, asked: Mapping[str, str], page: Page[Any], visitor: Visitor) -> Filters:
        every = self.answers.get("sites", _PLACES_FRESH_FOR_S, sites)
        open_to = [site for site in every if visitor.may(page.needs, site.code)]
        codes = [site.code for site in open_to]
        wanted = asked.get("site")
        chosen = next((code for code in (wanted, self.site, *codes) if code in codes), None)
        if chosen is None:
            if every:
                raise NotForYouError
            raise DatabaseEmptyError("no site has been set up")
        places = self.answers.get(
            ("places", chosen, tuple(codes)), _PLACES_FRESH_FOR_S, lambda conn: _places(conn, chosen, open_to)
        )
        return read_filters(asked, places, self.clock(), page.more)


def find(pathname: str | None) -> Page[Any]:
    """The page at a path.

    Raises:
        NoSuchPageError: There is none.
    """
    path = (pathname or BASE_PATH).removeprefix(BASE_PATH).rstrip("/")
    if path not in PAGES:
        raise NoSuchPageError(path)
    return PAGES[path]


def _places(conn: psycopg.Connection, site: str, open_to: Sequence[Any]) -> Places:
    return Places(site_info(conn, site), tuple(open_to), tuple(floors(conn, site)))
