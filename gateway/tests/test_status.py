"""What the status says: every finding in both languages, on the light, on the page, and to systemd."""

import json
import socket
import tomllib
import urllib.error
import urllib.request
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
from zeroconf import ServiceBrowser, ServiceListener, Zeroconf

from shigotoba_gateway.__main__ import main as device
from shigotoba_gateway.identity.renewal import Standing
from shigotoba_gateway.status.announce import KINDS, Announcer
from shigotoba_gateway.status.board import Board
from shigotoba_gateway.status.judge import findings
from shigotoba_gateway.status.lights import Light, blinks_for, pattern
from shigotoba_gateway.status.page import StatusPage
from shigotoba_gateway.status.report import Finding, Report, Way, read_report, write_report
from shigotoba_gateway.status.settings import StatusSettings
from shigotoba_gateway.status.words import STALE_S, sheet
from shigotoba_standalone.ports import HOST
from shigotoba_testing.waiting import until
from shigotoba_wire.health import (
    AgentHealth,
    ClockHealth,
    ConfigRefusal,
    DriverHealth,
    DriverState,
    GatewayHealth,
    SpoolHealth,
    Twin,
)
from shigotoba_wire.notify import Notifier
from shigotoba_wire.points import VOCABULARY

NOW_MS = 1_795_000_000_000
DAY_MS = 24 * 3600 * 1000
WELL = Report(
    at_ms=NOW_MS,
    boot_s=1000.0,
    pid=1,
    site="honcho",
    upstream=Way("office.example:8883", connected=True, confirmed_s_ago=1.0, heard_itself=True, up_s=500.0),
    local=Way("127.0.0.1:1883", connected=True),
    health=GatewayHealth(
        "gw-1",
        NOW_MS,
        NOW_MS - DAY_MS,
        "e",
        5,
        waiting=0,
        set_aside=0,
        agents=(AgentHealth("edge-1", NOW_MS, NOW_MS, "e", 1, 0, (DriverHealth("ble", DriverState.RUNNING, 9, {}),)),),
        spool=SpoolHealth(1, 2, 0.9),
        clock=ClockHealth(known=True),
    ),
    identity=Standing("gw-1", NOW_MS + 300 * DAY_MS, NOW_MS + 200 * DAY_MS),
)


def but(**changes: object) -> Report:
    return msgspec.structs.replace(WELL, **changes)


def upstream(**changes: object) -> Report:
    return but(upstream=msgspec.structs.replace(WELL.upstream, **changes))


def health(**changes: object) -> Report:
    return but(health=msgspec.structs.replace(WELL.health, **changes))


def agent(at_ms: int = NOW_MS, state: DriverState = DriverState.RUNNING, **changes: object) -> Report:
    driver = DriverHealth("ble", state, 0, {}, last_error="no adapter <b>")
    said = AgentHealth("edge-1", at_ms, NOW_MS, "e", 1, 0, (driver,))
    return health(agents=(msgspec.structs.replace(said, **changes),))


ILL = {
    "local_broker": but(local=Way("127.0.0.1:1883", connected=False, trouble="refused")),
    "local_refused": but(local=Way("127.0.0.1:1883", connected=False, trouble="refused: Not authorized")),
    "no_identity": but(identity=Standing(trouble="holds none")),
    "certificate_ended": but(identity=Standing("gw-1", NOW_MS - DAY_MS, 0)),
    "certificate_ending": but(identity=Standing("gw-1", NOW_MS + DAY_MS, 0, "no route")),
    "renewal_failed": but(identity=Standing("gw-1", NOW_MS + 90 * DAY_MS, 0, "no route")),
    "identity_refused": upstream(connected=False, trouble="our certificate has been revoked; x"),
    "denied": upstream(denied=("a/up/readings",)),
    "platform_unreachable": upstream(connected=False, trouble="no route"),
    "platform_silent": upstream(unanswered_s=60.0),
    "swallowed": upstream(unanswered_s=60.0, heard_itself=False),
    "turned_away": health(twin=Twin.PREFERRED),
    "twin": health(twin=Twin.HEARD),
    "disk_refusing": health(spool=SpoolHealth(1, 2, 0.05, refusing=("motion",))),
    "disk_full": health(spool=SpoolHealth(1, 2, 0.0, refusing=tuple(VOCABULARY))),
    "disk_short": health(spool=SpoolHealth(1, 2, 0.15, days_left=3.0)),
    "spool_salvaged": health(spool=SpoolHealth(1, 2, 0.9, salvaged=7, set_aside_file="x")),
    "clock_unknown": health(clock=ClockHealth(known=False, unstamped=4)),
    "clock_jumped": health(clock=ClockHealth(known=True, jumps=1, last_jump_s=-3600.0)),
    "no_agent": health(agents=()),
    "agent_silent": agent(at_ms=NOW_MS - 5 * 60_000),
    "driver_waiting": agent(state=DriverState.WAITING),
    "agent_salvaged": agent(salvaged=7, set_aside_file="x"),
    "agent_set_aside": agent(set_aside=3),
    "set_aside": health(set_aside=3),
    "configuration_refused": health(config_refused=ConfigRefusal(3, "too often")),
}


def codes(report: Report) -> list[str]:
    return [finding.code for finding in findings(report)]


def test_a_well_gateway_has_nothing_to_say() -> None:
    assert codes(WELL) == []
    assert codes(upstream(unanswered_s=60.0, up_s=5.0)) == []


@pytest.mark.parametrize("code", ILL)
def test_each_trouble_is_found_and_said_in_both_languages(code: str) -> None:
    assert codes(ILL[code]) == [code]
    report = msgspec.structs.replace(ILL[code], findings=findings(ILL[code]))
    said = [sheet(report, "", 1001.0, language) for language in ("ja", "en")]
    assert not any(shown.well or "{" in shown.remarks[0].says + shown.remarks[0].do for shown in said)
    assert said[0].remarks[0].says != said[1].remarks[0].says


def test_a_reason_is_said_in_the_language_of_the_sentence_around_it() -> None:
    why = "our certificate has been revoked; this identity needs a new invitation (alert 44)"
    report = upstream(connected=False, trouble=why)
    report = msgspec.structs.replace(report, findings=findings(report))
    assert "新しい招待が必要です（alert 44）" in sheet(report, "", 1001.0, "ja").remarks[0].says
    assert why in sheet(report, "", 1001.0, "en").remarks[0].says


def test_an_ended_certificate_is_said_once_though_the_broker_says_it_too() -> None:
    report = ILL["certificate_ended"]
    way = msgspec.structs.replace(report.upstream, connected=False, trouble="our certificate has expired; x")
    assert codes(msgspec.structs.replace(report, upstream=way)) == ["certificate_ended"]


def test_every_word_and_every_light_belongs_to_a_finding() -> None:
    folder = files("shigotoba_gateway.status")
    tables = {name: tomllib.loads(folder.joinpath(name).read_text()) for name in ("words_ja.toml", "words_en.toml")}
    lights = tomllib.loads(folder.joinpath("lights.toml").read_text())["blinks"]
    for table in tables.values():
        assert set(table) == {"labels", *ILL}
    assert tables["words_ja.toml"]["labels"].keys() == tables["words_en.toml"]["labels"].keys()
    assert set(lights) == {"well", *ILL}


def test_a_gateway_that_writes_no_more_is_said_to_be_silent(tmp_path: Path) -> None:
    write_report(tmp_path / "status.json", WELL)
    assert read_report(tmp_path / "status.json") == WELL
    assert (tmp_path / "status.json").stat().st_mode & 0o777 == 0o644
    assert sheet(WELL, "", WELL.boot_s + STALE_S - 1, "en").well
    assert "not running" in sheet(WELL, "", WELL.boot_s + STALE_S + 1, "en").verdict
    assert "not reported yet" in sheet(read_report(tmp_path / "none"), "none", 5.0, "en").verdict


def test_the_light_blinks_for_the_worst_finding_and_is_given_back(tmp_path: Path) -> None:
    assert blinks_for([Finding("set_aside"), Finding("denied"), Finding("no_agent")]) == 3
    assert len([on for on, _ in pattern(3) if on]) == 3
    assert pattern(0)[0][1] > 10 * pattern(0)[1][1]
    (tmp_path / "trigger").write_text("none [mmc0] heartbeat")
    (tmp_path / "brightness").write_text("0")
    rounds: list[int] = []

    def next_round() -> list[tuple[bool, float]]:
        rounds.append(1)
        return [(True, 0.01)]

    light = Light(tmp_path, next_round)
    light.start()
    until(lambda: len(rounds) > 2)
    assert (tmp_path / "trigger").read_text() == "none"
    light.stop()
    assert (tmp_path / "brightness").read_text() == "1"
    assert (tmp_path / "trigger").read_text() == "mmc0"


def test_the_page_shows_the_status_without_scripts_and_escapes_what_it_is_told() -> None:
    report = msgspec.structs.replace(ILL["driver_waiting"], findings=findings(ILL["driver_waiting"]))
    page = StatusPage(HOST, 0, lambda: (report, 1001.0))
    page.start()
    base = f"http://{HOST}:{page.port}"
    with urllib.request.urlopen(base) as answer:
        html = answer.read().decode()
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "&lt;b&gt;" in html
    assert "<script" not in html
    assert 'lang="ja"' in html
    assert 'lang="en"' in urllib.request.urlopen(f"{base}/?lang=en").read().decode()[:60]
    assert json.load(urllib.request.urlopen(f"{base}/status.json"))["health"]["gateway"] == "gw-1"
    assert len(html) < 8000
    for request, status in ((f"{base}/etc/passwd", 404), (urllib.request.Request(base, b"x", method="POST"), 501)):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        assert refused.value.code == status
        refused.value.close()
    page.stop()


def test_the_network_is_told_where_the_page_is() -> None:
    found: list[str] = []

    class Listener(ServiceListener):
        def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
            found.append(name)

        def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
            """Nothing changes here."""

        def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
            found.remove(name)

    announcer = Announcer("honcho", "gw-test", 8780, lambda: [HOST])
    announcer.start()
    with Zeroconf(interfaces=[HOST]) as seeker:
        browser = ServiceBrowser(seeker, KINDS[1], Listener())
        until(lambda: found == [f"shigotoba-gw-test.{KINDS[1]}"], what="the announcement")
        info = seeker.get_service_info(KINDS[1], found[0])
        assert info is not None
        assert (info.port, info.server, info.decoded_properties["site"]) == (8780, "shigotoba-gw-test.local.", "honcho")
        announcer.stop()
        until(lambda: found == [], what="the goodbye")
        browser.cancel()


def test_systemd_is_told_that_we_live_only_while_every_part_moves(tmp_path: Path, monkeypatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(5)
        notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify")})
        notifier.ready()
        notifier.alive("the intake")
        notifier.beat("All is well.")
        assert [systemd.recv(200) for _ in range(2)] == [b"READY=1", b"WATCHDOG=1\nSTATUS=All is well."]
        monkeypatch.setattr("shigotoba_wire.notify.STUCK_S", -1.0)
        notifier.beat("All is well.")
        notifier.stopping()
        assert systemd.recv(200) == b"STOPPING=1"
        assert notifier.stuck() == "the intake"


def test_a_device_that_was_never_claimed_is_told_to_claim_not_to_start(tmp_path, capsys):
    for language, wanted in (
        ("ja", "まだゲートウェイとして登録されていません"),
        ("en", "This device is no gateway yet"),
    ):
        assert device(["status", "--settings", str(tmp_path / "gateway.toml"), "--language", language]) == 1
        told = capsys.readouterr().out
        assert wanted in told
        assert f"{tmp_path}/gateway.toml" in told
        assert "sudo shigotoba-gateway claim --agent edge-1" in told


def test_a_light_that_cannot_be_used_is_not_said_to_blink(tmp_path: Path) -> None:
    board = Board(StatusSettings(tmp_path / "status.json", led="ACT", leds=tmp_path), "honcho", "gw-1", lambda: WELL)
    board.start()
    until(lambda: "the light ACT cannot be used (No such file or directory)" in board.identify())
    board.stop()
