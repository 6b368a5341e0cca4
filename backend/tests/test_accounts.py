"""Signing in, sessions, what is logged, and what is forgotten."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from shigotoba_backend.accounts import erasing, keeping, passwords, sessions, sign_in
from shigotoba_backend.accounts.audit import COMMAND, Actor, Sought, entries
from shigotoba_backend.accounts.people import person_by_id
from shigotoba_backend.accounts.roles import Grant, Role
from shigotoba_backend.accounts.sign_in import Attempt
from shigotoba_backend.cli import main
from shigotoba_testing.web import Doors, present

pytestmark = pytest.mark.integration

PASSWORD = "three plain words"
IDLE = timedelta(hours=1)
EVERYTHING = Sought(frozenset(), whole=True, most=99)
NOBODY = Actor("nobody")


def with_password(web: Doors, login: str = "sato") -> int:
    person_id = web.person(login, Role.STAFF)
    sign_in.change_password(web.conn, person_id, PASSWORD, COMMAND, web.at)
    return person_id


def actions(conn: psycopg.Connection) -> list[str]:
    return [entry.action for entry in entries(conn, EVERYTHING)]


def test_the_right_password_signs_in_whatever_the_case_of_the_login(web: Doors) -> None:
    person_id = with_password(web)
    found = sign_in.sign_in(web.conn, Attempt(" SATO ", PASSWORD, "10.0.0.1"), NOBODY, web.at)
    assert found.person_id == person_id
    assert actions(web.conn)[0] == "session.begin"


@pytest.mark.parametrize("login", ["sato", "nobody-here"])
def test_wrong_passwords_cost_growing_time_at_that_address_only(web: Doors, login: str) -> None:
    with_password(web)
    for _ in range(sign_in.FREE_TRIES + 1):
        with pytest.raises(sign_in.WrongPasswordError):
            sign_in.sign_in(web.conn, Attempt(login, "wrong", "10.0.0.1"), NOBODY, web.at)
    with pytest.raises(sign_in.WaitError) as told:
        sign_in.sign_in(web.conn, Attempt(login, PASSWORD, "10.0.0.1"), NOBODY, web.at)
    assert told.value.wait == timedelta(seconds=2)
    assert actions(web.conn)[0] == "session.refuse"
    with_password(web, "suzuki")
    sign_in.sign_in(web.conn, Attempt("suzuki", PASSWORD, "10.0.0.1"), NOBODY, web.at)
    if login == "sato":
        sign_in.sign_in(web.conn, Attempt(login, PASSWORD, "10.0.0.2"), NOBODY, web.at)
        sign_in.sign_in(web.conn, Attempt(login, PASSWORD, "10.0.0.1"), NOBODY, web.at + timedelta(seconds=3))


def test_the_wait_grows_up_to_a_quarter_of_an_hour() -> None:
    waits = [sign_in.pause_after(failures) for failures in range(4, 40)]
    assert waits[:3] == [timedelta(0), timedelta(seconds=2), timedelta(seconds=4)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=15)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaa", "x" * 300])
def test_a_password_that_is_too_easy_is_refused(password: str) -> None:
    with pytest.raises(passwords.PasswordError):
        passwords.hashed(password)


def test_a_session_ends_when_idle_and_at_its_age(web: Doors) -> None:
    person_id = web.person("sato")
    used = sessions.begin(web.conn, person_id, timedelta(hours=3), web.at)
    assert sessions.find(web.conn, used, IDLE, web.at + timedelta(minutes=40))
    assert sessions.find(web.conn, used, IDLE, web.at + timedelta(minutes=59))
    idle = sessions.begin(web.conn, person_id, timedelta(hours=30), web.at)
    assert sessions.find(web.conn, idle, IDLE, web.at + timedelta(minutes=61)) is None
    aged = sessions.begin(web.conn, person_id, timedelta(minutes=30), web.at)
    assert sessions.find(web.conn, aged, IDLE, web.at + timedelta(minutes=31)) is None


def test_a_secret_is_replaced_every_hour_and_the_former_one_lasts_a_minute(web: Doors) -> None:
    person_id = web.person("sato")
    secret = sessions.begin(web.conn, person_id, timedelta(days=1), web.at)
    later = web.at + timedelta(minutes=61)
    renewed = sessions.find(web.conn, secret, 2 * IDLE, later)
    assert renewed is not None
    assert renewed.new_secret
    meanwhile = sessions.find(web.conn, secret, 2 * IDLE, later + timedelta(seconds=59))
    assert meanwhile is not None
    assert meanwhile.new_secret is None
    assert sessions.find(web.conn, secret, 2 * IDLE, later + timedelta(seconds=61)) is None
    assert sessions.find(web.conn, renewed.new_secret, 2 * IDLE, later + timedelta(seconds=61))


def test_the_database_keeps_no_secret(web: Doors) -> None:
    secret = sessions.begin(web.conn, web.person("sato"), IDLE, web.at)
    (kept,) = web.conn.execute("SELECT string_agg(session::text, ' ') FROM shigotoba.session").fetchone() or ("",)
    assert secret not in kept


def test_the_audit_log_cannot_be_rewritten(web: Doors) -> None:
    web.person("sato")
    for statement in (b"UPDATE shigotoba.audit_log SET reason = 'x'", b"DELETE FROM shigotoba.audit_log"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.conn.execute(statement)


def test_a_withdrawn_role_counts_no_more_and_ends_the_sessions(web: Doors) -> None:
    client = web.signed_in("sato", Role.AUDITOR)
    assert client.get("/api/v1/audit").status_code == 200
    person_id = web.person("sato")
    keeping.withdraw_role(web.conn, person_id, Grant(Role.AUDITOR), COMMAND, web.at)
    assert client.get("/api/v1/audit").status_code == 401
    again = person_by_id(web.conn, person_id, web.at + timedelta(seconds=1))
    assert again is not None
    assert again.grants == ()


def test_personal_data_goes_after_its_days_and_the_pseudonym_stays(web: Doors) -> None:
    person_id = with_password(web)
    keeping.close_account(web.conn, person_id, COMMAND, web.at)
    days = timedelta(days=90)
    assert erasing.erase_expired(web.conn, days, web.at + timedelta(days=89)) == []
    assert erasing.erase_expired(web.conn, days, web.at + timedelta(days=91)) == [person_id]
    row = web.conn.execute("SELECT login, display_name, email, pseudonym FROM shigotoba.person").fetchone() or ()
    assert row[:3] == (None, None, None)
    assert row[3] is not None
    (left,) = web.conn.execute("SELECT count(*) FROM shigotoba.local_password").fetchone() or (1,)
    assert left == 0
    told = json.dumps([str(entry) for entry in entries(web.conn, EVERYTHING)])
    assert "sato" not in told.lower()


def test_everybody_can_see_what_is_kept_about_them(web: Doors) -> None:
    told = web.signed_in("sato").get("/api/v1/me/data").json()
    assert told["person"][0]["login"] == "sato"
    assert told["roles"][0]["role"] == "staff"
    assert {entry["action"] for entry in told["log"]} >= {"person.create", "role.grant"}
    assert "digest" not in json.dumps(told)


def test_the_first_administrator_is_made_by_a_command_that_shows_no_secret(
    conn: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "backend.toml"
    settings.write_text(f'database = "{conn.info.dsn}"\n[broker]\nhost = "localhost"\nport = 1883\n')
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    command = ["account", "create", "Soumu", "--name", "総務課", "--role", "organisation_admin", "--password-stdin"]
    assert main([*command, "--settings", str(settings)]) == 0
    assert capsys.readouterr().out == "Soumu: organisation_admin at every site\n"
    found = sign_in.sign_in(conn, Attempt("soumu", PASSWORD, "10.0.0.1"), NOBODY, present())
    assert found.grants == (Grant(Role.ORGANISATION_ADMIN),)
    assert main([*command, "--settings", str(settings)]) == 2
    assert "is taken" in capsys.readouterr().err
