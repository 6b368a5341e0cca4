"""The process ``api``: listens, serves, and drains when told to stop.

Responsible for uvicorn. Refuses to know any route.
"""

from __future__ import annotations

import signal
import socket
import sys
from datetime import UTC, datetime
from types import FrameType
from typing import Final, NoReturn

import uvicorn

from shigotoba_backend.api.app import build
from shigotoba_backend.commands import ObstacleError
from shigotoba_backend.settings import BackendSettings

_GRACE_S: Final = 3


class ListenError(ObstacleError):
    """The address cannot be listened on; the message says why and what to do."""


def run(settings: BackendSettings) -> None:
    """Serves until SIGTERM or SIGINT, then finishes the requests under way and leaves with status 0.

    Raises:
        ListenError: The address is taken or not ours.
    """
    listening = _listen(settings.web.host, settings.web.port)
    # uvicorn drains on a signal, then raises it again for whoever handled it before: that is us, to leave with 0.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    config = uvicorn.Config(
        build(settings, lambda: datetime.now(UTC)),
        log_config=None,
        access_log=False,
        server_header=False,
        ssl_certfile=settings.web.cert_file,
        ssl_keyfile=settings.web.key_file,
        forwarded_allow_ips=settings.web.trusted_proxies,
        timeout_graceful_shutdown=_GRACE_S,
    )
    uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise ListenError(f"{host}:{port}: cannot listen ({error.strerror}). Choose another port in [web].") from error


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)
