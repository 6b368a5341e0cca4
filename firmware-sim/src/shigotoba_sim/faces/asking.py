"""What a phone asks of the product over HTTP: a question for each deed, and how an answer is read.

Responsible for methods, paths and contents of ``/api/v1``. Refuses to decide when something is asked (see ``phones``).
"""

from __future__ import annotations

import http.client
from datetime import datetime
from typing import Any, Final
from urllib.parse import SplitResult, urlencode

import msgspec

from shigotoba_sim.clock import moment_of, ms_of
from shigotoba_sim.plan.bookings import Agreed, Booking
from shigotoba_sim.plan.diary import Deed, Did
from shigotoba_sim.plan.wishes import Wish

ACCEPTED: Final = frozenset({200, 201, 204})
STARTS: Final[frozenset[Did]] = frozenset({"book", "wait", "look"})
"""What is asked without having been given a name before."""

_WAYS: Final[dict[Did, tuple[str, str]]] = {
    "book": ("POST", "/sites/{site}/bookings"),
    "look": ("GET", "/sites/{site}/booths/free?{place}"),
    "wait": ("POST", "/sites/{site}/waitlist"),
    "give_up": ("DELETE", "/waitlist/{name}"),
    "accept": ("POST", "/bookings/{name}/acceptance"),
    "move": ("PATCH", "/bookings/{name}"),
    "cancel": ("DELETE", "/bookings/{name}"),
    "check_in": ("POST", "/bookings/{name}/check-in"),
    "extend": ("POST", "/bookings/{name}/extension"),
    "leave": ("POST", "/bookings/{name}/end"),
}
_TIMEOUT_S: Final = 10.0


class Question(msgspec.Struct, frozen=True):
    """A request: its method, its path below the API, its content and the key under which it may come twice."""

    method: str
    path: str
    body: dict[str, str] | None = None
    key: str = ""


class Reply(msgspec.Struct, frozen=True):
    """An answer over HTTP: its status, 0 for none at all, and its content; a list is under ``all``."""

    status: int
    content: dict[str, Any]


MINE: Final = Question("GET", "/bookings")


def question_of(deed: Deed, site: str, name: str = "") -> Question:
    """The request a phone makes; ``name`` is the product's for what the deed is about, where it has one."""
    method, path = _WAYS[deed.did]
    where, start_ms, _person = deed.about.name
    path = path.format(site=site, name=name, place=urlencode(_place(deed.about)))
    return Question(method, path, _body(deed), f"sim-{where}-{start_ms}" if deed.did == "book" else "")


def _body(deed: Deed) -> dict[str, str] | None:
    match deed.did:
        case "book" | "wait":
            return _place(deed.about)
        case "move":
            return deed.to and _agreed(deed.to)
        case "extend":
            return deed.to and {"until": _time(deed.to.end_ms)}
        case _:
            return None


def name_in(reply: Reply) -> str:
    """The product's name for what a phone has just begun; empty for none."""
    return str(reply.content.get("booking_id") or reply.content.get("entry_id") or "")


def refusal_in(deed: Deed, reply: Reply) -> str:
    """Why something was not to be had; empty if it was. Who was to find nothing and does is told so too."""
    if reply.status not in ACCEPTED:
        return str(reply.content.get("code", ""))
    return "found" if deed.did == "look" and reply.content.get("free") else ""


def offer_in(reply: Reply, wanted: tuple[str, int, int]) -> str:
    """The product's name for one's booking or offer at that booth and time, among all one has; empty for none."""
    space, start_ms, _person = wanted
    for each in reply.content.get("all", ()):
        if each["booth"] == space and ms_of(datetime.fromisoformat(each["start"])) == start_ms:
            return str(each["booking_id"])
    return ""


def send(address: SplitResult, question: Question, token: str) -> Reply:
    """Ask, and wait some seconds for the answer."""
    secure = address.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=_TIMEOUT_S)
    try:
        content = None if question.body is None else msgspec.json.encode(question.body)
        connection.request(question.method, f"/api/v1{question.path}", content, _headers(question, token))
        answer = connection.getresponse()
        return Reply(answer.status, _object(answer.read()))
    except (OSError, http.client.HTTPException):
        return Reply(0, {"code": "no_answer"})
    finally:
        connection.close()


def _headers(question: Question, token: str) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {token}"}
    if question.body is not None:
        headers["Content-Type"] = "application/json"
    if question.key:
        headers["Idempotency-Key"] = question.key
    return headers


def _object(content: bytes) -> dict[str, Any]:
    try:
        if content.startswith(b"["):
            return {"all": msgspec.json.decode(content)}
        return msgspec.json.decode(content, type=dict[str, Any])
    except msgspec.MsgspecError:
        return {}


def _place(about: Booking | Wish) -> dict[str, str]:
    """What is wanted at first: a booth, or any of a floor."""
    if isinstance(about, Booking):
        return _agreed(about.agreed[0])
    return {"floor": about.floor, "start": _time(about.start_ms), "end": _time(about.end_ms)}


def _agreed(agreed: Agreed) -> dict[str, str]:
    return {"booth": agreed.space, "start": _time(agreed.start_ms), "end": _time(agreed.end_ms)}


def _time(at_ms: int) -> str:
    return moment_of(at_ms).isoformat()
