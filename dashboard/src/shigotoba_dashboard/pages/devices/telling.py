"""A gateway is told to do something from here: to show itself, to renew its certificate, to start a driver again.

What stands out is offered as a button of its own, everything else in one form; below stands what became of it.
Responsible for this section, and for the tasks that it can see to. Refuses to reach a gateway: the jobs do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import psycopg
from dash import html
from dash.development.base_component import Component

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.arranging.gateway_commands import KINDS, Wish, ask
from shigotoba_backend.read.gateway_commands import Ability, Told
from shigotoba_backend.texts import retold
from shigotoba_dashboard.changes import Change, ChangeRefusedError, Deal, Done
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.forms import change_form, chosen
from shigotoba_dashboard.pages.devices.tables import when
from shigotoba_dashboard.pages.devices.todo import Task
from shigotoba_dashboard.parts import scrolling, section, table_of
from shigotoba_dashboard.records import Records, as_table, prose, text
from shigotoba_dashboard.words import Words, message

#: Two thirds of its life are long over then: it should have renewed itself.
_ENDING: Final = timedelta(days=30)
#: What a gateway said of its drivers is believed for so long.
_BELIEVED: Final = timedelta(minutes=2)
_DOWN: Final = ("waiting", "stopped")

_DEEDS: Final = {
    "identify": message("Blink its light"),
    "rotate_certificate": message("Renew its certificate"),
    "restart_driver": message("Start driver {driver} of {agent} again"),
}
_STANDINGS: Final = {
    "open": message("… Given, no answer yet"),
    "under_way": message("… Under way"),
    "done": message("○ Done"),
    "failed": message("× Failed"),
    "refused": message("× Refused"),
    "expired": message("× Not begun in time"),
    "unanswered": message("× No answer in time"),
}


@dataclass(frozen=True)
class Offer:
    """Something a gateway could be told.

    Attributes:
        kind: Of ``KINDS``.
        gateway: Which one.
        agent: Which agent of it, if one is meant.
        driver: Which driver of that.
    """

    kind: str
    gateway: str
    agent: str = ""
    driver: str = ""

    @property
    def sent(self) -> str:
        """As a form sends it; no name has a space in it."""
        return " ".join((self.kind, self.gateway, self.agent, self.driver)).strip()

    def said(self, words: Words) -> str:
        """For a person."""
        return words.say(_DEEDS[self.kind], agent=self.agent, driver=self.driver)


def tasks(abilities: Sequence[Ability], filters: Filters) -> list[Task]:
    """What a command may see to: drivers that do not run, certificates that were not renewed."""
    return [_task(each, filters) for each in abilities if _stands_out(each, filters)]


def section_of(abilities: Sequence[Ability], told: Sequence[Told], filters: Filters) -> list[Component]:
    """The section; nothing for who may not, and where there is no gateway."""
    if not abilities or not filters.may(Action.MANAGE_GATEWAYS):
        return []
    words = filters.words
    title = words.say("Tell a gateway something")
    urgent = [_offer(each) for each in abilities if _stands_out(each, filters)]
    offered = [offer for each in abilities for offer in _offers(each)]
    choices = [(each.sent, f"{each.gateway}: {each.said(words)}") for each in offered]
    choice = chosen("what", words.say("What it shall do"), choices)
    return [
        section(
            "commands",
            title,
            [
                html.P(words.say("It is done once, within ten minutes; what became of it is told below.")),
                *(_button(each, filters) for each in urgent),
                change_form("devices", "tell", filters, [choice], words.say("Tell it")),
                *_became(told, filters),
            ],
        )
    ]


def records(told: Sequence[Told], filters: Filters) -> Records:
    """What gateways were told, the newest first."""
    words = filters.words
    fields = (
        when("asked_at", words.say("Told at"), filters),
        text("gateway", words.say("Gateway")),
        text("what", words.say("What it shall do")),
        text("state", words.say("State")),
        prose("detail", words.say("In its words")),
    )
    rows = tuple(
        (
            each.asked_at,
            each.gateway,
            Offer(each.kind, each.gateway, each.agent, each.driver).said(words),
            words.say(_STANDINGS[each.standing(filters.at)]),
            retold(each.detail, filters.language) or None,
        )
        for each in told
    )
    return Records("gateway-commands", words.say("What gateways were told"), fields, rows)


def _became(told: Sequence[Told], filters: Filters) -> list[Component]:
    table = records(told, filters)
    return [scrolling(table.caption, table_of(as_table(table)))] if table.rows else []


def _button(offer: Offer, filters: Filters) -> Component:
    said = f"{offer.gateway}: {offer.said(filters.words)}"
    return change_form("devices", "tell", filters, [], said, [("what", offer.sent)])


def _offers(able: Ability) -> Iterator[Offer]:
    if able.driver:
        yield Offer("restart_driver", able.gateway, able.agent, able.driver)
        return
    yield Offer("identify", able.gateway)
    if able.certificate_until is not None:
        yield Offer("rotate_certificate", able.gateway)


def _offer(able: Ability) -> Offer:
    """What would see to it."""
    return list(_offers(able))[-1]


def _stands_out(able: Ability, filters: Filters) -> bool:
    if able.driver:
        return able.state in _DOWN and filters.at - able.heard_at < _BELIEVED
    return able.certificate_until is not None and able.certificate_until - filters.at < _ENDING


def _task(able: Ability, filters: Filters) -> Task:
    words = filters.words
    gateway = words.say("Gateway {name}", name=able.gateway)
    if able.driver:
        what = words.say("Driver {driver} of {agent}", driver=able.driver, agent=able.agent)
        trouble = retold(able.trouble, filters.language) or "—"
        action = words.say("{trouble} Then it may be started again at once, below.", trouble=trouble)
        return Task(what, None, gateway, words.say("▲ Does not run"), able.heard_at, action)
    ends = "" if able.certificate_until is None else f"{able.certificate_until.astimezone(filters.zone):%Y-%m-%d}"
    action = words.say("It should have renewed itself. Renew it below; if that fails, the answer says why.")
    return Task(gateway, None, "", words.say("△ Its certificate ends on {day}", day=ends), None, action)


def _tell(conn: psycopg.Connection, change: Change) -> Done:
    kind, gateway, agent, driver = (*change.get("what").split(" "), "", "", "", "")[:4]
    if kind not in KINDS:
        raise ChangeRefusedError(change.say("Choose what the gateway shall do."))
    ask(conn, Wish(change.site, gateway, KINDS[kind], agent=agent, driver=driver), change.actor, change.at)
    return Done(change.say("{gateway} is told. Its answer stands below within some seconds.", gateway=gateway))


CHANGES: Final = {"tell": Deal(Action.MANAGE_GATEWAYS, _tell)}
