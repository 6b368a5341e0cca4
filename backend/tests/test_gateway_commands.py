"""A gateway is told to do something once: who may ask, what is refused, how it is given out, what became of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.arranging.gateway_commands import Wish, ask
from shigotoba_backend.jobs.gateway_commands import GatewayCommands
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.site.gateway_commands import NOTHING, open_commands
from shigotoba_testing.waiting import until
from shigotoba_testing.web import Doors
from shigotoba_wire.commands import CommandKind, CommandResult, Outcome, decode_commands
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.health import AgentHealth, DriverHealth, DriverState, GatewayHealth, encode_health
from shigotoba_wire.link import Link
from shigotoba_wire.topics import COMMANDS, upstream

pytestmark = pytest.mark.integration

NINE = datetime(2026, 11, 20, 0, tzinfo=UTC)
GATEWAY = "/api/v1/sites/honcho/gateways/gw-1/commands"
LOGGED = "SELECT actor_id, site_id IS NOT NULL FROM shigotoba.audit_log WHERE action = 'gateway.command'"
STALE = b"somebody else has put this there"
SAYS = """
INSERT INTO shigotoba.gateway_health (site_id, gateway, at, payload)
SELECT site_id, 'gw-1', %(at)s, %(payload)s FROM shigotoba.site WHERE code = 'honcho'
ON CONFLICT (site_id, gateway) DO UPDATE SET at = excluded.at, payload = excluded.payload
"""


def says(conn: psycopg.Connection, at: datetime, *results: CommandResult) -> None:
    """The gateway says how it is, and what became of commands."""
    driver = DriverHealth("ble", DriverState.WAITING, 0, {}, 3, "there is no Bluetooth adapter. Plug one in.")
    agent = AgentHealth("edge-1", 0, 0, "e", 1, 0, (driver,))
    health = GatewayHealth("gw-1", 0, 0, "e", 1, 0, 0, agents=(agent,), commands=results)
    conn.execute(SAYS, {"at": at, "payload": encode_health(health).decode()})


def test_an_administrator_asks_once_and_reads_what_became_of_it(web: Doors, small_site: object) -> None:
    web.at = NINE
    says(web.conn, NINE)
    above = web.signed_in("admin", Role.SITE_ADMIN, site="honcho")
    wanted = {"kind": "restart_driver", "agent": "edge-1", "driver": "ble"}
    given = above.post(GATEWAY, json=wanted)
    assert (given.status_code, given.json()["outcome"]) == (201, "open")
    again = above.post(GATEWAY, json=wanted, headers={"Accept-Language": "ja"})
    assert (again.status_code, again.json()["code"]) == (422, "asked_already")
    assert "11/20 09:00 に同じ指示" in again.json()["detail"]
    done = CommandResult(given.json()["command"], Outcome.DONE, 1, "ble was started again")
    says(web.conn, NINE, done)
    [shown] = above.get(GATEWAY).json()
    assert (shown["outcome"], shown["detail"]) == ("done", "ble was started again")
    web.at = NINE + timedelta(minutes=1)
    assert above.post(GATEWAY, json=wanted).status_code == 201
    web.at = NINE + timedelta(hours=1)
    assert [each["outcome"] for each in above.get(GATEWAY).json()] == ["unanswered", "done"]
    logged = web.conn.execute(LOGGED)
    assert logged.fetchall() == [(web.person("admin"), True)] * 2


@pytest.mark.parametrize(
    ("gateway", "wanted", "refused"),
    [
        ("gw-9", {"kind": "identify"}, (404, "no_such_gateway")),
        ("gw-1", {"kind": "restart_driver", "agent": "edge-1", "driver": "usb"}, (404, "no_such_driver")),
        ("gw-1", {"kind": "restart_driver"}, (404, "no_such_driver")),
        ("gw-1", {"kind": "explode"}, (422, "not_understood")),
        ("gw-1", {"kind": "identify", "within_min": 0}, (422, "not_understood")),
    ],
)
def test_what_no_gateway_could_do_is_refused_with_what_there_is(
    web: Doors, small_site: object, gateway: str, wanted: dict[str, object], refused: tuple[int, str]
) -> None:
    says(web.conn, NINE)
    above = web.signed_in("admin", Role.SITE_ADMIN, site="honcho")
    answer = above.post(GATEWAY.replace("gw-1", gateway), json=wanted)
    assert (answer.status_code, answer.json()["code"]) == refused
    if refused[1] == "no_such_driver":
        assert "edge-1 ble" in answer.json()["detail"]


def test_jobs_give_out_what_is_open_and_put_right_what_the_broker_holds(conn, small_site, broker) -> None:
    says(conn, NINE)
    topic = upstream("honcho", "gw-1").down(COMMANDS)
    heard: list[Delivery] = []
    listener = Link(broker.settings(), Session("gw-1", (topic,)), heard.append)
    listener.start()
    until(lambda: listener.connection is not None)
    listener.publish(topic, STALE, retain=True)
    jobs, settings = GatewayCommands(), BackendSettings("", broker.settings())

    def given(now: datetime) -> list[str]:
        jobs.publish(conn, settings, now)
        newest = heard[-1].payload if heard else STALE
        return ["stale"] if newest == STALE else [each.command for each in decode_commands(newest).commands]

    until(lambda: given(NINE) == [])
    identify = ask(conn, Wish("honcho", "gw-1", CommandKind.IDENTIFY), COMMAND, NINE)
    restart = ask(conn, Wish("honcho", "gw-1", CommandKind.RESTART_DRIVER, agent="edge-1", driver="ble"), COMMAND, NINE)
    until(lambda: sorted(given(NINE)) == sorted([identify, restart]))
    broker.wipe()
    heard.clear()
    until(lambda: listener.connection is not None and sorted(given(NINE)) == sorted([identify, restart]))
    says(conn, NINE, CommandResult(identify, Outcome.DONE, 1))
    until(lambda: given(NINE) == [restart])
    # What ran out stays for a moment, so that the gateway says that it did.
    assert restart in open_commands(conn, "honcho", "gw-1", NINE + timedelta(minutes=10, seconds=30)).decode()
    assert open_commands(conn, "honcho", "gw-1", NINE + timedelta(minutes=12)) == NOTHING
    until(lambda: given(NINE + timedelta(minutes=12)) == [])
    jobs.stop()
    listener.stop()
