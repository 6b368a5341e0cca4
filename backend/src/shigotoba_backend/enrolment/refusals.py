"""Why a claim, a renewal or a command about identities is refused.

Responsible for the one exception, its codes, and the sentence of each. Refuses to know HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shigotoba_backend.texts import message

MEANINGS: Final[Mapping[str, str]] = {
    "too_many_attempts": message("Too many attempts from this address. Try again in {minutes} minutes."),
    "unknown_token": message("This invitation is not known. Check gateway and token, or ask for a new invitation."),
    "expired_token": message("The invitation expired at {at}. Ask for a new one."),
    "used_token": message(
        "The invitation was used by another device at {at}. If that was not you, have the gateway revoked at once."
    ),
    "withdrawn_token": message("A newer invitation has replaced this one. Use the newer one."),
    "bad_request_file": message("The certificate request cannot be used: {detail}."),
    "unknown_certificate": message("This platform did not issue the certificate. The gateway needs a new invitation."),
    "revoked_certificate": message("The certificate was revoked at {at}. The gateway needs a new invitation."),
    "expired_certificate": message("The certificate expired at {at}. The gateway needs a new invitation."),
    "wrong_proof": message("The request is not signed with the key of the certificate."),
    "unknown_site": message("Site {site} is not known. Import its site file first."),
    "other_site": message("The name {gateway} belongs to a gateway of site {site}. Choose another."),
    "bad_name": message("{gateway} cannot be the name of a gateway: {detail}."),
    "no_certificate": message("{gateway} has no certificate that could be revoked."),
    "no_enrolment": message("This platform gives out no certificates: its settings have no [enrolment]."),
    "no_authority": message(
        "The platform's certificate authority cannot be used at the moment. Ask its administrator."
    ),
}
"""Every code with its sentence; the values in braces are the facts."""


class EnrolmentRefusedError(Exception):
    """Something about an identity was refused.

    Attributes:
        code: One of ``MEANINGS``.
        facts: Values of its sentence, as text or numbers.
    """

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(MEANINGS[code].format(**facts))
        self.code = code
        self.facts = facts
