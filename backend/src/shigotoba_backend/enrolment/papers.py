"""An invitation and a gateway's state as a person reads them: lines of text, a QR code, a row of a list.

Responsible for these forms. Refuses to invite.
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

import segno

from shigotoba_backend.api.reasons import SHOWN_IN
from shigotoba_backend.enrolment.inviting import Invitation
from shigotoba_backend.enrolment.rows import Gateway
from shigotoba_backend.read.gateway_commands import Told

ENDING_SOON: Final = timedelta(days=30)


_STANDINGS: Final = {
    "open": "no word of it yet",
    "under_way": "under way",
    "unanswered": "no word of it, and it has run out",
}
"""How a command without an outcome is told."""


def invitation_line(invitation: Invitation, platform: str) -> str:
    """All that a device needs in one line: what the QR code says, and a file on its memory card may say."""
    told = {"platform": platform, "gateway": invitation.gateway, "token": invitation.token}
    return f"shigotoba:claim?{urlencode(told)}"


def invitation_text(invitation: Invitation, platform: str) -> str:
    """For the person who takes it to the device."""
    return "\n".join(
        [
            f"platform  {platform}",
            f"gateway   {invitation.gateway}  (site {invitation.site})",
            f"token     {invitation.token}",
            f"good until {_shown(invitation.expires_at)}, for one device",
            "on the device: sudo shigotoba-gateway claim --agent edge-1",
        ]
    )


def qr_for_terminal(line: str) -> str:
    """The QR code in half blocks."""
    out = io.StringIO()
    segno.make_qr(line, error="m").terminal(out, compact=True)
    return out.getvalue()


def qr_svg(line: str) -> str:
    """The QR code as SVG."""
    out = io.BytesIO()
    segno.make_qr(line, error="m").save(out, kind="svg", xmldecl=False, scale=4)
    return out.getvalue().decode()


def state_of(gateway: Gateway, now: datetime) -> str:
    """``invited``, ``good``, ``ending`` (within 30 days), ``expired``, ``revoked`` or ``never``."""
    if gateway.not_after is None or gateway.revoked_at is not None:
        if gateway.invited_until is not None:
            return "invited"
        return "never" if gateway.not_after is None else "revoked"
    if gateway.not_after <= now:
        return "expired"
    return "ending" if gateway.not_after - now < ENDING_SOON else "good"


def row_of(gateway: Gateway, now: datetime) -> str:
    """A line of ``gateway list``."""
    until = "-" if gateway.not_after is None else gateway.not_after.date().isoformat()
    heard = "never" if gateway.heard_at is None else _shown(gateway.heard_at)
    why = f" ({gateway.revocation})" if gateway.revocation else ""
    twin = gateway.twin_at
    also = "" if twin is None else f"; another machine under this name is turned away, last {_shown(twin)}"
    state = state_of(gateway, now)
    return f"{gateway.site}/{gateway.gateway}: {state}{why}, certificate until {until}, heard {heard}{also}"


def command_row(told: Told, now: datetime) -> str:
    """A line of ``gateway commands``."""
    whom = " ".join(part for part in (told.agent, told.driver) if part)
    what = f"{told.command} ({whom})" if whom else told.command
    standing = _STANDINGS.get(told.standing(now), told.outcome)
    said = f"{standing}: {told.detail}" if told.detail else standing
    return f"{_shown(told.asked_at)}  {what}: {said}"


def _shown(at: datetime) -> str:
    """An instant as whoever reads it has it on the wall."""
    return at.astimezone(SHOWN_IN).isoformat(timespec="seconds")
