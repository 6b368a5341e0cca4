"""TLS for a connection: whom to trust, who we are, and what an alert means.

Responsible for the context and for OpenSSL's terse words said so that a person can act on them. Refuses to judge
certificates itself: OpenSSL does.
"""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from typing import Final

from shigotoba_wire.errors import SettingsError

_MEANINGS: Final = {
    "certificate revoked": "our certificate has been revoked; this identity needs a new invitation",
    "certificate expired": "our certificate has expired; this identity needs a new invitation",
    "certificate has expired": "the other side's certificate has expired, or our clock is ahead",
    "certificate is not yet valid": "the other side's certificate is not yet valid: our clock is behind",
    "unknown ca": "the other side does not know the authority that made our certificate",
    "certificate required": "the other side wants a certificate of ours and we have none",
    "bad certificate": "the other side does not accept our certificate; is its clock right?",
    "ip address mismatch": "the other side's certificate is for another address than the one we called",
    "hostname mismatch": "the other side's certificate is for another name than the one we called",
    "self-signed certificate": "the other side's certificate is not from our authority",
    "unable to get local issuer": "the other side's certificate is not from our authority",
    "wrong version number": "the other side does not speak TLS on this port",
}
"""Parts of OpenSSL's messages, and what they mean for whoever reads them."""


class _ClosedOnFailure(ssl.SSLSocket):
    """A socket that a failed handshake closes; paho-mqtt would leave it to the garbage collector."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except OSError:
            self.close()
            raise


def tls_context(ca_file: Path, cert_file: Path | None = None, key_file: Path | None = None) -> ssl.SSLContext:
    """TLS 1.2 or newer that trusts ``ca_file`` alone and shows our certificate if there is one.

    Raises:
        SettingsError: A file is missing or is not what it should be.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise SettingsError(f"{ca_file}: cannot be used as authority ({in_words(str(error))}).") from error
    if cert_file is not None:
        try:
            context.load_cert_chain(cert_file, key_file)
        except OSError as error:
            raise SettingsError(f"{cert_file}: cannot be used with {key_file} ({in_words(str(error))}).") from error
    context.sslsocket_class = _ClosedOnFailure
    return context


def refusal(host: str, port: int, context: ssl.SSLContext, within_s: float = 2.0) -> str:
    """Why the other side ends the connection right after the handshake, in words; empty if it does not.

    With TLS 1.3 a server judges our certificate when our side of the handshake is over. A client that writes at once
    may lose the alert to the reset of the connection; one that only listens hears it.
    """
    try:
        with (
            socket.create_connection((host, port), within_s) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            secured.recv(1)
    except TimeoutError:
        return ""
    except OSError as error:
        return in_words(str(error))
    return ""


def in_words(text: str) -> str:
    """``text`` of OpenSSL with its meaning in front, or as it is."""
    plain = text.lower().replace("_", " ")
    meaning = next((meaning for part, meaning in _MEANINGS.items() if part in plain), None)
    return text if meaning is None else f"{meaning} ({text})"
