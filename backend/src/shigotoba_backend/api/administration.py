"""What administrators do with accounts, the same for programs and for pages.

A site's administrators keep the accounts of people who belong to the site, or to none; the organisation's keep all of
them, and they alone give roles for every site. A role at a site can be withdrawn by whoever gives roles there.

Responsible for who may keep whose account, and for what else must happen with it. Refuses to list accounts (see
``accounts.roster``) and to keep them itself (see ``accounts.keeping``).
"""

from __future__ import annotations

from datetime import datetime

import psycopg

from shigotoba_backend.accounts import invitations, keeping, seeking, sign_in
from shigotoba_backend.accounts.roles import Action, Grant, Role
from shigotoba_backend.accounts.roster import Account, account
from shigotoba_backend.api.asking import Access
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import REASONS
from shigotoba_backend.bookings.leaving import give_up_all
from shigotoba_backend.bookings.values import Booking
from shigotoba_backend.texts import message

REASONS.update(
    {
        "own_account": message("This is your own account. Ask another administrator."),
        "last_administrator": message(
            "This is the last administrator of the organisation. Give the role to somebody else first."
        ),
        "no_such_section": message("There is no section “{section}”. A site file describes them."),
        "account_closed": message("The account is closed. Open it again first."),
        "data_erased": message("The personal data of this account is erased. Make a new account."),
    }
)


def everywhere(access: Access) -> bool:
    """Whether somebody keeps every account of the organisation."""
    return access.person.may(Action.GRANT_ORGANISATION_ROLES, None)


def may_give(access: Access, role: Role) -> bool:
    """Whether somebody may give that role at some site at all."""
    return role is not Role.ORGANISATION_ADMIN or everywhere(access)


def kept(conn: psycopg.Connection, access: Access, person_id: int, now: datetime) -> Account:
    """An account that ``access`` may keep.

    Raises:
        ProblemError: ``no_such_person``, also for those somebody else keeps.
    """
    if not everywhere(access) and not seeking.belongs(conn, person_id, access.site):
        raise _nobody(person_id)
    return _account(conn, access, person_id, now)


def seen(conn: psycopg.Connection, access: Access, person_id: int, now: datetime) -> Account:
    """An account that ``access`` may look at: one that it keeps, or one with a role at the site.

    Raises:
        ProblemError: ``no_such_person``.
    """
    found = _account(conn, access, person_id, now)
    here = any(grant.site == access.site for grant in found.grants)
    return found if here else kept(conn, access, person_id, now)


def make(conn: psycopg.Connection, access: Access, new: keeping.NewPerson, now: datetime) -> int:
    """Makes an account; its number.

    Raises:
        ProblemError: ``login_taken``.
    """
    try:
        return keeping.create_person(conn, new, access.actor, now)
    except keeping.AccountError as error:
        raise ProblemError(409, "login_taken", {"login": new.login}) from error


def invite(conn: psycopg.Connection, access: Access, person_id: int, now: datetime) -> str:
    """The secret of a link with which somebody chooses a password.

    Raises:
        ProblemError: ``account_closed``.
    """
    if not kept(conn, access, person_id, now).active:
        raise ProblemError(409, "account_closed")
    return invitations.invite(conn, person_id, access.actor, now)


def unlock(conn: psycopg.Connection, access: Access, person_id: int, now: datetime) -> None:
    """Nobody waits any more because of wrong passwords for this account."""
    kept(conn, access, person_id, now)
    sign_in.unlock(conn, person_id, access.actor)


def grant(conn: psycopg.Connection, access: Access, person_id: int, wanted: Grant, now: datetime) -> None:
    """Gives a role, at the site or everywhere.

    Raises:
        ProblemError: ``not_permitted`` for what only the organisation's administrators give; ``account_closed``.
    """
    _check_grantable(access, wanted)
    if not kept(conn, access, person_id, now).active:
        raise ProblemError(409, "account_closed")
    keeping.grant_role(conn, person_id, wanted, access.actor, now)


def withdraw(conn: psycopg.Connection, access: Access, person_id: int, former: Grant, now: datetime) -> None:
    """Takes a role away and ends the person's sessions.

    Raises:
        ProblemError: ``not_permitted``, ``last_administrator``.
    """
    _check_grantable(access, former)
    seen(conn, access, person_id, now)
    try:
        keeping.withdraw_role(conn, person_id, former, access.actor, now)
    except keeping.LastAdministratorError as error:
        raise ProblemError(409, "last_administrator") from error


def move(conn: psycopg.Connection, access: Access, person_id: int, site: str, now: datetime) -> None:
    """The person works at another site from now on; coming bookings stay theirs.

    Raises:
        ProblemError: ``not_permitted`` for a site whose people one does not keep; ``account_closed``.
    """
    if not access.person.may(Action.MANAGE_PEOPLE, site):
        raise ProblemError(403, "not_permitted", {"action": Action.MANAGE_PEOPLE.value, "site": site})
    if not kept(conn, access, person_id, now).active:
        raise ProblemError(409, "account_closed")
    keeping.move_home(conn, person_id, site, access.actor, now)


def assign(conn: psycopg.Connection, access: Access, person_id: int, section: str | None, now: datetime) -> None:
    """The person belongs to a section from now on, or to none.

    Raises:
        ProblemError: ``no_such_section``; ``account_closed``.
    """
    if not kept(conn, access, person_id, now).active:
        raise ProblemError(409, "account_closed")
    try:
        keeping.set_section(conn, person_id, section, access.actor)
    except keeping.AccountError as error:
        raise ProblemError(404, "no_such_section", {"section": section or ""}) from error


def close(conn: psycopg.Connection, access: Access, person_id: int, now: datetime) -> list[Booking]:
    """Closes the account of somebody who has left; the bookings that this cancelled.

    Raises:
        ProblemError: ``own_account``, ``last_administrator``.
    """
    kept(conn, access, person_id, now)
    if person_id == access.person.person_id:
        raise ProblemError(409, "own_account")
    try:
        with conn.transaction():
            keeping.close_account(conn, person_id, access.actor, now)
            return give_up_all(conn, person_id, access.person.person_id, now)
    except keeping.LastAdministratorError as error:
        raise ProblemError(409, "last_administrator") from error


def reopen(conn: psycopg.Connection, access: Access, person_id: int, now: datetime) -> None:
    """Opens an account that was closed by mistake; its roles have to be given again.

    Raises:
        ProblemError: ``data_erased``.
    """
    closed = kept(conn, access, person_id, now)
    if not closed.active and not keeping.reopen_account(conn, person_id, access.actor):
        raise ProblemError(409, "data_erased")


def _account(conn: psycopg.Connection, access: Access, person_id: int, now: datetime) -> Account:
    found = account(conn, access.person.organisation, person_id, now)
    if found is None:
        raise _nobody(person_id)
    return found


def _check_grantable(access: Access, wanted: Grant) -> None:
    if not may_give(access, wanted.role) or (wanted.site is None and not everywhere(access)):
        raise ProblemError(403, "not_permitted", {"role": wanted.role.value})


def _nobody(person_id: int) -> ProblemError:
    return ProblemError(404, "no_such_person", {"person_id": person_id})
