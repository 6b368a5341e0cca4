"""The command ``account``: the first administrator, roles and tokens, without a secret on the command line.

Responsible for arguments and for what is printed. Refuses to keep accounts itself (see ``keeping``).
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import psycopg

from shigotoba_backend.accounts import demo, keeping, sessions, sign_in
from shigotoba_backend.accounts.audit import COMMAND, Deed, record
from shigotoba_backend.accounts.demo_staff import make_staff
from shigotoba_backend.accounts.keeping import AccountError, NewPerson
from shigotoba_backend.accounts.passwords import PasswordError
from shigotoba_backend.accounts.people import Person, person_by_login
from shigotoba_backend.accounts.roles import Grant, Role
from shigotoba_backend.commands import Command
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.connection import connect
from shigotoba_wire.settings import read_secret

PROBLEMS = (AccountError, PasswordError)
"""What can be wrong with what was given."""

_ROLES: Final = [role.value for role in Role]


def _create_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("login", help="login name")
    parser.add_argument("--name", required=True, help="for people")
    parser.add_argument("--role", choices=_ROLES, default=Role.STAFF.value, help="what this account may do")
    parser.add_argument("--site", help="code of the site; without it the role is for the whole organisation")
    parser.add_argument("--home-site", help="code of the site this person belongs to")
    parser.add_argument("--no-password", action="store_true", help="signs in through the OpenID provider only")
    parser.add_argument("--if-missing", action="store_true", help="leave an account that is there as it is")
    _password_arguments(parser)


def _password_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--password-stdin", action="store_true", help="read it from standard input instead of asking")


def _create(settings: BackendSettings, options: argparse.Namespace) -> None:
    now = datetime.now(UTC)
    grant = Grant(Role(options.role), options.site)
    new = NewPerson(options.login, options.name, options.home_site, grants=(grant,))
    with contextlib.closing(connect(settings.database)) as conn:
        if options.if_missing and person_by_login(conn, options.login, now):
            print(f"{options.login}: is there already")
            return
        password = None if options.no_password else _asked(options)
        with conn.transaction():
            person_id = keeping.create_person(conn, new, COMMAND, now)
            if password is not None:
                sign_in.change_password(conn, person_id, password, COMMAND, now)
    print(f"{options.login}: {options.role} at {options.site or 'every site'}")


def _login_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("login", help="login name")


def _set_password_arguments(parser: argparse.ArgumentParser) -> None:
    _login_argument(parser)
    _password_arguments(parser)


def _set_password(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        person = _known(conn, options.login)
        sign_in.change_password(conn, person.person_id, _asked(options), COMMAND, datetime.now(UTC))
    print(f"{options.login}: has a new password; every session is ended")


def _role_arguments(parser: argparse.ArgumentParser) -> None:
    _login_argument(parser)
    parser.add_argument("role", choices=_ROLES, help="what this account may do")
    parser.add_argument("--site", help="code of the site; without it the whole organisation")
    parser.add_argument("--withdraw", action="store_true", help="take it away instead")


def _role(settings: BackendSettings, options: argparse.Namespace) -> None:
    grant = Grant(Role(options.role), options.site)
    change = keeping.withdraw_role if options.withdraw else keeping.grant_role
    with contextlib.closing(connect(settings.database)) as conn:
        change(conn, _known(conn, options.login).person_id, grant, COMMAND, datetime.now(UTC))
    done = "withdrawn" if options.withdraw else "granted"
    print(f"{options.login}: {options.role} at {options.site or 'every site'} {done}")


def _section_arguments(parser: argparse.ArgumentParser) -> None:
    _login_argument(parser)
    parser.add_argument("section", nargs="?", help="its code; without it the account belongs to none")


def _section(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        keeping.set_section(conn, _known(conn, options.login).person_id, options.section, COMMAND)
    print(f"{options.login}: belongs to {options.section or 'no section'}")


def _token_arguments(parser: argparse.ArgumentParser) -> None:
    _login_argument(parser)
    parser.add_argument("--label", required=True, help="what it is for")
    parser.add_argument("--days", type=int, default=365, help="until it ends")


def _token(settings: BackendSettings, options: argparse.Namespace) -> None:
    now = datetime.now(UTC)
    with contextlib.closing(connect(settings.database)) as conn, conn.transaction():
        person = _known(conn, options.login)
        secret = sessions.begin_token(conn, person.person_id, options.label, timedelta(days=options.days), now)
        record(conn, COMMAND, Deed("token.create", sign_in.me(person), after={"label": options.label}))
    print(secret)


def _close(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        keeping.close_account(conn, _known(conn, options.login).person_id, COMMAND, datetime.now(UTC))
    print(f"{options.login}: closed")


def _known(conn: psycopg.Connection, login: str) -> Person:
    person = person_by_login(conn, login, datetime.now(UTC))
    if person is None:
        raise AccountError(f"No account {login!r}. Make it with `account create`.")
    return person


def _asked(options: argparse.Namespace) -> str:
    if options.password_stdin:
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise AccountError("The two passwords differ. Try again.")
    return password


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", required=True)
    parser.add_argument("--password-file", type=Path, required=True, help="its first line is everybody's password")
    parser.add_argument("--staff", type=Path, help="also make the accounts in this file of the simulator")
    parser.add_argument("--tokens", type=Path, help="where their tokens are written, for the simulator alone")


def _demo(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        made = demo.make_people(conn, options.site, read_secret(options.password_file), datetime.now(UTC))
        if options.staff and options.tokens:
            made += make_staff(conn, options.site, options.staff, options.tokens, datetime.now(UTC))
    print(f"{made} people of the demo made")


COMMANDS: Final = (
    Command("demo", "make the people of a demo", _demo, _demo_arguments),
    Command("create", "make an account", _create, _create_arguments),
    Command("password", "give an account a new password", _set_password, _set_password_arguments),
    Command("role", "grant or withdraw a role", _role, _role_arguments),
    Command("section", "say which section an account belongs to", _section, _section_arguments),
    Command("token", "make a token for a program, and print it once", _token, _token_arguments),
    Command("close", "close the account of somebody who has left", _close, _login_argument),
)
