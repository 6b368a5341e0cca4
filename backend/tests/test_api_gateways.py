"""Gateways over HTTP: a device claims and renews, an administrator invites, looks and revokes."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.api.app import build
from shigotoba_backend.api.settings import WebSettings
from shigotoba_backend.enrolment.authority import make_authority
from shigotoba_backend.enrolment.settings import EnrolmentSettings
from shigotoba_backend.settings import BackendSettings
from shigotoba_testing.web import Doors
from shigotoba_wire.enrolment import RENEWAL_PREFIX, authority_proof, token_digest
from shigotoba_wire.settings import Broker

GATEWAY = "/api/v1/sites/honcho/gateways/gw-1"


@pytest.fixture
def doors(conn, small_site, tmp_path: Path) -> Iterator[Doors]:
    doors = Doors(conn)
    make_authority(tmp_path / "ca", "Test", doors.at)
    doors.app.state.services.pool.close()
    settings = BackendSettings(
        conn.info.dsn,
        Broker("localhost", 1883),
        web=WebSettings(public_url="http://testserver"),
        enrolment=EnrolmentSettings(tmp_path / "ca", tmp_path / "broker", "broker.example"),
    )
    doors.app = build(settings, lambda: doors.at)
    yield doors
    doors.close()


def asked(key: ec.EllipticCurvePrivateKey) -> x509.CertificateSigningRequest:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gw-1")])
    return x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())


def pem(request: x509.CertificateSigningRequest) -> str:
    return request.public_bytes(serialization.Encoding.PEM).decode()


def test_from_invitation_to_revocation(doors: Doors, tmp_path: Path) -> None:
    administrator = doors.signed_in("admin", Role.SITE_ADMIN, site="honcho")
    invitation = administrator.post(f"{GATEWAY}/invitation").json()
    assert invitation["qr"].startswith("<svg")
    device, key, next_key = (
        doors.stranger(),
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )

    trust = device.get("/api/v1/enrolment/authority/gw-1").json()
    proof = authority_proof(token_digest(invitation["token"]), trust["authority"].encode())
    assert trust["proof"] == proof

    claim = {"gateway": "gw-1", "token": invitation["token"], "request": pem(asked(key))}
    enrolled = device.post("/api/v1/enrolment/claims", json=claim).json()
    assert (enrolled["site"], enrolled["broker"]) == ("honcho", {"host": "broker.example", "port": 8883})
    assert "user gw-1\n" in (tmp_path / "broker" / "acl").read_text()

    wanted = asked(next_key)
    signed = key.sign(RENEWAL_PREFIX + wanted.public_bytes(serialization.Encoding.DER), ec.ECDSA(hashes.SHA256()))
    renewal = {
        "certificate": enrolled["certificate"],
        "request": pem(wanted),
        "signature": base64.b64encode(signed).decode(),
    }
    renewed = device.post("/api/v1/enrolment/renewals", json=renewal).json()
    assert renewed["certificate"] != enrolled["certificate"]

    shown = administrator.get("/api/v1/sites/honcho/gateways").json()
    assert [(each["gateway"], each["state"]) for each in shown] == [("gw-1", "good")]
    assert administrator.post(f"{GATEWAY}/revocation", json={"lost": True}).status_code == 204
    assert "gw-1" not in (tmp_path / "broker" / "acl").read_text()
    crl = x509.load_pem_x509_crl((tmp_path / "broker" / "crl.pem").read_bytes())
    assert len(list(crl)) == 2


def test_a_wrong_token_is_refused_in_the_language_of_the_device(doors: Doors) -> None:
    claim = {"gateway": "gw-1", "token": "0", "request": pem(asked(ec.generate_private_key(ec.SECP256R1())))}
    refused = doors.stranger().post("/api/v1/enrolment/claims", json=claim, headers={"Accept-Language": "ja"})
    assert (refused.status_code, refused.json()["code"]) == (403, "unknown_token")
    assert "トークン" in refused.json()["detail"]


@pytest.mark.parametrize("role", [Role.STAFF, Role.FACILITY, Role.AUDITOR])
def test_inviting_needs_an_administrator(doors: Doors, role: Role) -> None:
    assert doors.signed_in("somebody", role).post(f"{GATEWAY}/invitation").status_code == 403
    assert doors.stranger().post(f"{GATEWAY}/invitation").status_code == 401


def test_a_platform_without_an_authority_says_so(conn, small_site) -> None:
    doors = Doors(conn)
    answer = doors.stranger().get("/api/v1/enrolment/authority/gw-1")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_enrolment")
    doors.close()
