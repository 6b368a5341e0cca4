"""What the audit log's codes mean, for people.

Responsible for these words. A code without words is shown as it is: the log must never hide an entry.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from shigotoba_dashboard.words import Words, message

_TOPICS: Final = {
    "person": message("Accounts"),
    "role": message("Roles"),
    "session": message("Signing in"),
    "password": message("Passwords"),
    "token": message("Tokens of programs"),
    "export": message("Tables and reports taken home"),
    "figures": message("Imported figures"),
    "plan": message("Programmes"),
    "policy": message("Booking rules"),
    "booth": message("Booths"),
    "floor_plan": message("Floor plans"),
    "site": message("Sites"),
    "floor": message("Floors"),
    "space": message("Seats and other places"),
    "device": message("Devices"),
    "hours": message("Opening hours"),
    "holiday": message("Holidays"),
    "closure": message("Closures"),
    "gateway": message("Gateways"),
    "webhook": message("Webhooks"),
    "counter": message("Held counters"),
    "whereabouts": message("Whereabouts"),
    "sheet": message("Sheets for doors"),
    "base_year": message("Base years"),
    "target": message("Targets"),
    "booking": message("Bookings"),
    "strike": message("No-shows"),
    "delegate": message("Delegates"),
    "door": message("Door displays"),
    "survey": message("Surveys"),
    "ca": message("Authority for certificates"),
}
_ACTIONS: Final = {
    "person.create": message("account made"),
    "person.close": message("account closed"),
    "person.move": message("moved to another site"),
    "person.section": message("section noted"),
    "person.look_up": message("names looked up"),
    "person.name": message("name behind a number"),
    "person.list": message("accounts looked at"),
    "person.invite": message("invitation made"),
    "person.erase": message("personal data erased"),
    "role.grant": message("role granted"),
    "role.withdraw": message("role withdrawn"),
    "session.begin": message("signed in"),
    "session.end": message("signed out"),
    "session.refuse": message("sign-in refused"),
    "password.change": message("password changed"),
    "export.download": message("table taken home"),
    "export.report": message("report taken home"),
    "figures.import": message("figures imported"),
    "plan.import": message("programme imported"),
    "plan.edit": message("programme edited"),
    "policy.set": message("rule made"),
    "policy.drop": message("rule taken back"),
    "booth.close": message("booth closed"),
    "booth.reopen": message("booth opened again"),
    "floor_plan.save": message("floor plan saved"),
    "floor_plan.drop": message("floor plan taken back"),
    "site.change": message("site changed"),
    "floor.put": message("floor changed"),
    "space.put": message("place changed"),
    "space.serve": message("section of a place changed"),
    "device.add": message("device added"),
    "device.move": message("device moved"),
    "hours.set": message("opening hours changed"),
    "holiday.add": message("holiday added"),
    "holiday.drop": message("holiday taken back"),
    "closure.add": message("closure added"),
    "closure.end": message("closure ended"),
    "gateway.invite": message("gateway invited"),
    "gateway.claim": message("gateway claimed"),
    "gateway.claim_refused": message("claim of a gateway refused"),
    "gateway.renew": message("certificate renewed"),
    "gateway.revoke": message("gateway revoked"),
    "gateway.command": message("command given to a gateway"),
    "webhook.make": message("webhook made"),
    "webhook.stop": message("webhook stopped"),
    "person.unlock": message("wrong passwords forgotten"),
    "person.reopen": message("account opened again"),
    "token.create": message("token made"),
    "delegate.allow": message("delegate allowed"),
    "delegate.drop": message("delegate no longer allowed"),
    "strike.decide": message("objection to a no-show decided"),
    "booking.take_over": message("past bookings taken over"),
    "door.link": message("address of a door display made"),
    "sheet.print": message("sheets printed"),
    "survey.hold": message("survey opened"),
    "whereabouts.look": message("whereabouts looked at"),
    "base_year.draft": message("base year drafted"),
    "base_year.publish": message("base year published"),
    "base_year.restate": message("base year restated"),
    "target.set": message("target set"),
    "counter.release": message("held rise counted"),
    "counter.refuse": message("held rise left out"),
    "ca.init": message("authority set up"),
}

_OBJECTS: Final = {
    "base_year": message("base year {code}"),
    "booth": message("booth {code}"),
    "ca": message("authority for certificates"),
    "closure": message("closure {code}"),
    "dataset": message("data file {code}"),
    "device": message("device {code}"),
    "floor": message("floor {code}"),
    "floor_plan": message("floor plan {code}"),
    "gateway": message("gateway {code}"),
    "holiday": message("holiday {code}"),
    "indicator": message("indicator {code}"),
    "initiative": message("initiative {code}"),
    "person": message("person {code}"),
    "policy": message("booking rule {code}"),
    "programme": message("programme {code}"),
    "report": message("monthly report {code}"),
    "series": message("imported figures {code}"),
    "site": message("site {code}"),
    "space": message("place {code}"),
    "strike": message("no-show {code}"),
    "survey": message("survey {code}"),
    "table": message("table {code}"),
    "webhook": message("webhook {code}"),
}


def topic_name(topic: str, words: Words) -> str:
    """What entries with actions that begin with ``topic`` are about."""
    return words.say(_TOPICS[topic]) if topic in _TOPICS else topic


def action_name(action: str, words: Words) -> str:
    """What was done."""
    return words.say(_ACTIONS[action]) if action in _ACTIONS else action


def object_name(text: str, words: Words) -> str:
    """What it was done to: ``person 4`` for ``person:4``. A person stays a number, as who did it does."""
    kind, _, code = text.partition(":")
    if text == "person:unknown":
        return words.say("nobody known")
    return words.say(_OBJECTS[kind], code=code) if kind in _OBJECTS else text


def difference(before: Mapping[str, object] | None, after: Mapping[str, object] | None) -> str:
    """What was there and what is there now: ``name: before → after`` for each value that differs."""
    old, new = before or {}, after or {}
    parts = [f"{name}: {_change(name, old, new)}" for name in {**old, **new} if old.get(name) != new.get(name)]
    return "; ".join(parts)


def _change(name: str, old: Mapping[str, object], new: Mapping[str, object]) -> str:
    if name not in old:
        return _plain(new[name])
    return f"{_plain(old[name])} → {_plain(new.get(name))}"


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
