"""The people of a demo: one per role, all with one password, which is in a file.

Responsible for the list. Refuses to be used anywhere else: the command demands a site and a password file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg

from shigotoba_backend.accounts import sign_in
from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.keeping import NewPerson, create_person, set_section
from shigotoba_backend.accounts.people import person_by_login
from shigotoba_backend.accounts.roles import Grant, Role


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody in the demo.

    Attributes:
        login: To sign in with.
        name: For people.
        role: At every site.
        section: Code of the section whose officer the person is; empty for none.
    """

    login: str
    name: str
    role: Role
    section: str = ""


PEOPLE: Final = (
    DemoPerson("sato", "佐藤 花子", Role.STAFF),
    DemoPerson("suzuki", "鈴木 一郎", Role.STAFF),
    DemoPerson("soumu", "総務 薫", Role.FACILITY),
    DemoPerson("kansa", "監査 望", Role.AUDITOR),
    DemoPerson("kanbu", "幹部 誠", Role.EXECUTIVE),
    DemoPerson("zeimu", "税務 実", Role.DEPARTMENT, "zeimu"),
    DemoPerson("admin", "管理 光", Role.ORGANISATION_ADMIN),
)


def make_people(conn: psycopg.Connection, site: str, password: str, now: datetime) -> int:
    """Makes those that are not there; how many.

    Raises:
        AccountError: The site is unknown, or has no section of somebody's.
        PasswordError: The password will not do.
    """
    missing = [each for each in PEOPLE if person_by_login(conn, each.login, now) is None]
    for each in missing:
        new = NewPerson(each.login, each.name, site, grants=(Grant(each.role),))
        with conn.transaction():
            person_id = create_person(conn, new, COMMAND, now)
            sign_in.change_password(conn, person_id, password, COMMAND, now)
            if each.section:
                set_section(conn, person_id, each.section, COMMAND)
    return len(missing)
