"""What a TLS connection leaves behind when it does not come about."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shigotoba_backend.enrolment.authority import make_authority
from shigotoba_wire.tls import tls_context


@pytest.fixture
def client(tmp_path: Path) -> ssl.SSLContext:
    """Trusts an authority of its own."""
    authority = make_authority(tmp_path / "authority", "Test", datetime.now(UTC))
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    return tls_context(tmp_path / "ca.pem")


def test_a_handshake_that_the_other_side_cuts_short_leaves_no_socket_open(client: ssl.SSLContext) -> None:
    ours, theirs = socket.socketpair()
    secured = client.wrap_socket(ours, server_hostname="127.0.0.1", do_handshake_on_connect=False)
    threading.Thread(target=theirs.close).start()
    with pytest.raises((ssl.SSLError, ConnectionError)):
        secured.do_handshake()
    assert secured.fileno() == -1


def test_a_handshake_that_only_has_to_wait_goes_on(client: ssl.SSLContext) -> None:
    ours, theirs = socket.socketpair()
    with theirs, client.wrap_socket(ours, server_hostname="127.0.0.1", do_handshake_on_connect=False) as secured:
        secured.setblocking(False)
        with pytest.raises(ssl.SSLWantReadError):
            secured.do_handshake()
        assert secured.fileno() != -1
