"""From an address to a page: who may see it, what it is asked, and what is drawn.

Responsible for the way from an address to components, and from an address to records, whatever goes wrong on it.
Refuses Dash's wiring (see ``routes``) and the look of the frame (see ``frame``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import quote

import psycopg

from shigotoba_backend.accounts.audit import Deed, record
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.read.now import floors, site_info
from shigotoba_backend.read.sites import sites
from shigotoba_dashboard import stand_ins
from shigotoba_dashboard.answers import Answers
from shigotoba_dashboard.changes import Change, Done, actor_of
from shigotoba_dashboard.feed import DatabaseEmptyError, NoAnswerError
from shigotoba_dashboard.filters import Filters, Places, asked_in, read_filters
from shigotoba_dashboard.frame import Drawn, page_frame
from shigotoba_dashboard.pages import PAGES
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.paths import BASE_PATH
from shigotoba_dashboard.records import Records
from shigotoba_dashboard.visitors import Visitor
from shigotoba_dashboard.words import Words, language_of, words_in

Taken = TypeVar("Taken")

_log = logging.getLogger(__name__)

#: Sites and floors change when somebody changes the settings, not by the minute.
_PLACES_FRESH_FOR_S: Final = 15.0


class NotForYouError(Exception):
    """The visitor may not see the page at this site."""


class NoSuchPageError(LookupError):
    """No page has this path."""


@dataclass(frozen=True)
class Sent:
    """What came in with a form.

    Attributes:
        fields: What was typed and chosen, by name.
        files: Contents of the files that came along, by name.
        request_id: Of the request.
    """

    fields: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    request_id: str = ""


@dataclass(frozen=True)
class House:
    """What every answer needs.

    Attributes:
        site: Code of the site that is shown when the address names none.
        answers: The way to the database.
        desk: The same for who changes something.
        clock: The present, aware.
    """

    site: str
    answers: Answers
    desk: Answers
    clock: Callable[[], datetime]

    def show(self, pathname: str | None, search: str | None, visitor: Visitor) -> Drawn:
        """The page at an address; in its place, where there is none, what is the matter."""
        asked = asked_in(search)
        words = words_in(language_of(asked.get("lang")))
        try:
            page = find(pathname)
            filters = self._filters(asked, page, visitor)
            view = self._view(page, filters)
            return page_frame(page, filters, page.draw(view, filters), page.records(view, filters))
        except NoSuchPageError:
            return stand_ins.no_such_page(pathname or "", words)
        except NotForYouError:
            return _closed(visitor, pathname, search, words)
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
        if not filters.may(page.takes):
            raise NotForYouError
        for records in page.records(self._tables(page, filters), filters):
            if records.key == key:
                return filters, records
        raise NoSuchPageError(key)

    def take(
        self, path: str, search: str, visitor: Visitor, make: Callable[[psycopg.Connection, Filters], Taken]
    ) -> Taken:
        """Whatever ``make`` makes for somebody who may take whole datasets home; it notes that itself.

        Raises:
            NoSuchPageError: There is no such page.
            NotForYouError: The visitor may not take it home.
            NoAnswerError: The database gave no answer.
        """
        page = find(f"{BASE_PATH}{path}")
        filters = self._filters(asked_in(search), page, visitor)
        if not filters.may_take_datasets:
            raise NotForYouError
        return self.desk.ask(lambda conn: make(conn, filters))

    def note_export(self, name: str, filters: Filters, request_id: str) -> None:
        """Notes in the audit log that somebody takes a table home.

        Raises:
            NoAnswerError: The database gave no answer, and nothing leaves the house unnoted.
        """
        deed = Deed("export.download", f"table:{name}", filters.site, after={"filters": filters.query()})
        actor = actor_of(filters.visitor.person_id, request_id)
        self.desk.ask(lambda conn: record(conn, actor, deed))

    def sees(self, visitor: Visitor, needs: Action, site: str | None) -> bool:
        """Whether a visitor may follow what goes on at a site, the first one if none is named."""
        code = site or self.site
        try:
            codes = [each.code for each in self.answers.get("sites", _PLACES_FRESH_FOR_S, sites)]
        except NoAnswerError:
            codes = []
        return visitor.may(needs, code) and (code in codes or not codes)

    def change(self, path: str, name: str, sent: Sent, visitor: Visitor) -> Done:
        """Has a page do what somebody sent to it; what others are shown is then asked anew.

        Raises:
            NoSuchPageError: There is no such page, or it takes no such change.
            NotForYouError: The visitor may not.
            ChangeRefusedError: It cannot be done like that.
            NoAnswerError: The database gave no answer.
        """
        page = find(f"{BASE_PATH}{path}")
        if name not in page.changes:
            raise NoSuchPageError(name)
        deal = page.changes[name]
        filters = self._filters(sent.fields, replace(page, needs=deal.needs), visitor)
        if sent.fields.get("site", filters.site) != filters.site:
            raise NotForYouError
        done = self.desk.ask(lambda conn: deal.do(conn, Change(filters, sent.fields, sent.files, sent.request_id)))
        self.answers.forget()
        return done

    def _tables(self, page: Page[Any], filters: Filters) -> Any:
        ask = page.tables
        return self._view(page, filters) if ask is None else self.answers.ask(lambda conn: ask(conn, filters))

    def _view(self, page: Page[Any], filters: Filters) -> Any:
        if page.personal:
            return self.answers.ask(lambda conn: page.read(conn, filters))
        asked = (page.path, filters.site, filters.floor, filters.more, filters.today, filters.language)
        reader = tuple(site.code for site in filters.places.sites)
        days = (filters.elapsed, filters.period)
        of_period = self.answers.get((*asked, reader, *days), page.fresh_for_s, lambda conn: page.read(conn, filters))
        lasting = page.lasting
        if lasting is None:
            return of_period
        of_all = self.answers.get((*asked, reader), lasting.fresh_for_s, lambda conn: lasting.ask(conn, filters))
        return lasting.add(of_period, of_all)

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
        return replace(read_filters(asked, places, self.clock(), page.more, page.with_today), visitor=visitor)


def _closed(visitor: Visitor, pathname: str | None, search: str | None, words: Words) -> Drawn:
    """What stands in the place of a page that is not for this visitor, or not yet."""
    if visitor.door and visitor.person_id is None:
        return stand_ins.sign_in_first(visitor.door + quote(f"{pathname or BASE_PATH}{search or ''}"), words)
    return stand_ins.not_for_you(words)


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
