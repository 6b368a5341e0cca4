"""The part of the backend's settings that is about identities, ``[enrolment]``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec


class EnrolmentSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the authority lives and what gateways are told.

    Attributes:
        authority: Directory of the authority's certificate and private key; only the backend may read it.
        broker_files: Directory the broker reads: the authority's certificate, its revocation list, the access list.
        broker_host: The upstream broker as gateways reach it; its certificate must carry this name.
        broker_port: Its TLS port.
        gateway_days: Life of a gateway's certificate; it is renewed at two thirds of it.
        invitation_hours: How long an invitation can be used.
        broker_pid_file: The broker's process id, if it runs on this machine: it is asked to read its files anew.
    """

    authority: Path
    broker_files: Path
    broker_host: str
    broker_port: int = 8883
    gateway_days: Annotated[int, msgspec.Meta(ge=1, le=825)] = 365
    invitation_hours: Annotated[int, msgspec.Meta(ge=1, le=720)] = 72
    broker_pid_file: Path | None = None
