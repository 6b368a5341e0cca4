"""Identities: invited, claimed once, renewed by proof, revoked; a guess is counted and audited."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.enrolment.authority import Authority, AuthorityError, make_authority, open_authority
from shigotoba_backend.enrolment.broker_files import keep_broker_files
from shigotoba_backend.enrolment.claims import GUESSES, GUESSES_WITHIN, Claim, Enrolled, claim
from shigotoba_backend.enrolment.inviting import Invitation, Invite, invite
from shigotoba_backend.enrolment.papers import invitation_line, row_of, state_of
from shigotoba_backend.enrolment.refusals import EnrolmentRefusedError
from shigotoba_backend.enrolment.renewals import Renewal, renew
from shigotoba_backend.enrolment.revoking import revoke_gateway
from shigotoba_backend.enrolment.rows import admitted, gateways, revoked
from shigotoba_backend.enrolment.settings import EnrolmentSettings
from shigotoba_backend.enrolment.tokens import ALPHABET, make_token
from shigotoba_backend.settings import BackendSettings
from shigotoba_wire.enrolment import RENEWAL_PREFIX, plain_token
from shigotoba_wire.settings import Broker

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
HERE = "192.0.2.7"


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def request(key, gateway: str = "gw-1") -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, gateway)])
    made = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("ca"), "Test", NOW)


@pytest.fixture
def invitation(conn, small_site) -> Invitation:
    return invite(conn, Invite("honcho", "gw-1", timedelta(hours=72)), COMMAND, NOW)


def claimed(conn, authority, token: str, key, now: datetime = NOW) -> Enrolled:
    return claim(conn, authority, Claim("gw-1", token, request(key), HERE), YEAR, now)


def code_of(refused: pytest.ExceptionInfo[EnrolmentRefusedError]) -> str:
    assert "{" not in str(refused.value)
    return refused.value.code


def renewal(enrolled: Enrolled, old, new, **changes) -> Renewal:
    wanted = request(new)
    der = x509.load_pem_x509_csr(wanted.encode()).public_bytes(serialization.Encoding.DER)
    signature = old.sign(RENEWAL_PREFIX + der, ec.ECDSA(hashes.SHA256()))
    return Renewal(**{"certificate": enrolled.certificate, "request": wanted, "signature": signature, **changes})


def actions(conn) -> list[str]:
    return [row[0] for row in conn.execute("SELECT action FROM shigotoba.audit_log ORDER BY audit_id")]


def test_a_token_is_read_however_it_is_typed():
    token = make_token(lambda count: bytes(range(7, 7 + count)))
    assert len(plain_token(token)) == 20
    assert set(plain_token(token)) <= set(ALPHABET)
    assert plain_token(f" {token.lower().replace('0', 'o').replace('1', 'l').replace('-', ' ')}\n") == plain_token(
        token
    )


def test_the_authority_is_made_once_and_its_key_is_ours_alone(tmp_path: Path):
    made = make_authority(tmp_path / "ca", "Test", NOW)
    assert open_authority(tmp_path / "ca").fingerprint == made.fingerprint
    with pytest.raises(AuthorityError, match="already"):
        make_authority(tmp_path / "ca", "Test", NOW)
    (tmp_path / "ca" / "ca.key").chmod(0o640)
    with pytest.raises(AuthorityError, match="chmod 600"):
        open_authority(tmp_path / "ca")


def test_a_claim_gives_a_certificate_with_the_gateways_name_for_its_own_key(conn, authority, invitation):
    key = new_key()
    enrolled = claimed(conn, authority, invitation.token, key)
    certificate = x509.load_pem_x509_certificate(enrolled.certificate.encode())
    certificate.verify_directly_issued_by(authority.certificate)
    assert certificate.subject.rfc4514_string() == "CN=gw-1"
    assert certificate.public_key() == key.public_key()
    assert certificate.not_valid_after_utc == NOW + YEAR
    assert enrolled.site == "honcho"
    assert actions(conn) == ["gateway.invite", "gateway.claim"]


def test_a_token_works_for_one_device_which_may_ask_again(conn, authority, invitation):
    key = new_key()
    first = claimed(conn, authority, invitation.token, key)
    assert claimed(conn, authority, invitation.token.lower(), key) == first
    with pytest.raises(EnrolmentRefusedError) as refused:
        claimed(conn, authority, invitation.token, new_key())
    assert code_of(refused) == "used_token"


def test_only_the_newest_invitation_counts_and_only_in_its_time(conn, authority, invitation):
    newer = invite(conn, Invite("honcho", "gw-1", timedelta(hours=1)), COMMAND, NOW)
    for token, now, expected in [
        (invitation.token, NOW, "withdrawn_token"),
        (newer.token, NOW + timedelta(hours=1), "expired_token"),
        ("0000-0000-0000-0000-0000", NOW, "unknown_token"),
    ]:
        with pytest.raises(EnrolmentRefusedError) as refused:
            claimed(conn, authority, token, new_key(), now)
        assert code_of(refused) == expected


def test_guesses_from_one_address_are_limited_and_audited(conn, authority, invitation):
    for _ in range(GUESSES):
        with pytest.raises(EnrolmentRefusedError):
            claimed(conn, authority, "0000-0000-0000-0000-0000", new_key())
    with pytest.raises(EnrolmentRefusedError) as refused:
        claimed(conn, authority, invitation.token, new_key())
    assert code_of(refused) == "too_many_attempts"
    assert actions(conn).count("gateway.claim_refused") == GUESSES
    assert claimed(conn, authority, invitation.token, new_key(), NOW + GUESSES_WITHIN).gateway == "gw-1"


@pytest.mark.parametrize(
    "wanted",
    [
        "nonsense",
        request(new_key(), "gw-2"),
        request(rsa.generate_private_key(65537, 2048)),
        request(ec.generate_private_key(ec.SECP384R1())),
    ],
    ids=["nonsense", "other name", "RSA", "other curve"],
)
def test_a_request_that_is_not_sound_does_not_use_the_token_up(conn, authority, invitation, wanted: str):
    with pytest.raises(EnrolmentRefusedError) as refused:
        claim(conn, authority, Claim("gw-1", invitation.token, wanted, HERE), YEAR, NOW)
    assert code_of(refused) == "bad_request_file"
    assert claimed(conn, authority, invitation.token, new_key()).gateway == "gw-1"


def test_new_hardware_under_the_same_name_revokes_the_old_and_shows_it(conn, authority, invitation):
    claimed(conn, authority, invitation.token, new_key())
    again = invite(conn, Invite("honcho", "gw-1", timedelta(hours=1)), COMMAND, NOW)
    newer = claimed(conn, authority, again.token, new_key(), NOW + timedelta(minutes=5))
    assert len(revoked(conn, NOW)) == 1
    assert x509.load_pem_x509_certificate(newer.certificate.encode()).serial_number not in {
        line.serial for line in revoked(conn, NOW)
    }
    assert [each.gateway for each in admitted(conn, NOW)] == ["gw-1"]
    last = conn.execute("SELECT after FROM shigotoba.audit_log ORDER BY audit_id DESC LIMIT 1").fetchone()[0]
    assert len(last["revoked"]) == 1


def test_a_renewal_needs_the_old_key_and_leaves_two_certificates_at_most(conn, authority, invitation):
    keys = [new_key() for _ in range(3)]
    first = claimed(conn, authority, invitation.token, keys[0])
    second = renew(conn, authority, renewal(first, keys[0], keys[1]), YEAR, NOW + timedelta(days=200))
    assert renew(conn, authority, renewal(first, keys[0], keys[1]), YEAR, NOW + timedelta(days=200)) == second
    assert revoked(conn, NOW) == []
    renew(conn, authority, renewal(second, keys[1], keys[2]), YEAR, NOW + timedelta(days=300))
    assert len(revoked(conn, NOW)) == 1
    with pytest.raises(EnrolmentRefusedError) as refused:
        renew(conn, authority, renewal(first, keys[0], new_key()), YEAR, NOW + timedelta(days=301))
    assert code_of(refused) == "revoked_certificate"


def test_a_forged_certificate_with_a_real_serial_number_renews_nothing(conn, authority, invitation):
    first = claimed(conn, authority, invitation.token, new_key())
    real, forger = x509.load_pem_x509_certificate(first.certificate.encode()), new_key()
    forged = (
        x509.CertificateBuilder()
        .subject_name(real.subject)
        .issuer_name(real.issuer)
        .public_key(forger.public_key())
        .serial_number(real.serial_number)
        .not_valid_before(real.not_valid_before_utc)
        .not_valid_after(real.not_valid_after_utc)
        .sign(forger, hashes.SHA256())
    )
    shown = forged.public_bytes(serialization.Encoding.PEM).decode()
    with pytest.raises(EnrolmentRefusedError) as refused:
        renew(conn, authority, renewal(first, forger, new_key(), certificate=shown), YEAR, NOW)
    assert code_of(refused) == "wrong_proof"


@pytest.mark.parametrize(
    ("late", "expected"), [(timedelta(days=366), "expired_certificate"), (timedelta(), "unknown_certificate")]
)
def test_what_has_expired_or_is_not_ours_is_not_renewed(conn, authority, invitation, late: timedelta, expected: str):
    key = new_key()
    first = claimed(conn, authority, invitation.token, key)
    shown = first.certificate if late else authority.pem.decode()
    with pytest.raises(EnrolmentRefusedError) as refused:
        renew(conn, authority, renewal(first, key, new_key(), certificate=shown), YEAR, NOW + late)
    assert code_of(refused) == expected


def test_the_list_says_how_each_gateway_stands(conn, authority, invitation):
    def state(now: datetime = NOW) -> str:
        return state_of(gateways(conn, now)[0], now)

    assert state() == "invited"
    claimed(conn, authority, invitation.token, new_key())
    assert state() == "good"
    assert state(NOW + timedelta(days=340)) == "ending"
    assert state(NOW + YEAR) == "expired"
    assert len(revoke_gateway(conn, "gw-1", "lost", COMMAND, NOW)) == 1
    assert state() == "revoked"
    assert "revoked (lost)" in row_of(gateways(conn, NOW)[0], NOW)
    with pytest.raises(EnrolmentRefusedError):
        revoke_gateway(conn, "gw-1", "lost", COMMAND, NOW)


@pytest.mark.parametrize(
    ("site", "gateway", "expected"),
    [("nowhere", "gw-2", "unknown_site"), ("honcho", "ingest", "bad_name"), ("honcho", "gw/+", "bad_name")],
)
def test_a_name_must_be_fit_for_topics_and_belong_to_a_known_site(
    conn, small_site, site: str, gateway: str, expected: str
):
    with pytest.raises(EnrolmentRefusedError) as refused:
        invite(conn, Invite(site, gateway, YEAR), COMMAND, NOW)
    assert code_of(refused) == expected


def test_the_invitation_line_holds_all_a_device_needs(invitation):
    line = invitation_line(invitation, "https://platform.example:8443")
    assert line.startswith("shigotoba:claim?platform=https%3A%2F%2Fplatform.example%3A8443&gateway=gw-1&token=")


def test_the_job_writes_the_brokers_files_only_when_something_has_changed(conn, small_site, tmp_path: Path):
    enrolment = EnrolmentSettings(tmp_path / "ca", tmp_path / "broker", "broker.example")
    settings = BackendSettings(conn.info.dsn, Broker("localhost", 1883), enrolment=enrolment)
    ours = make_authority(tmp_path / "ca", "Test", NOW)
    made = invite(conn, Invite("honcho", "gw-1", timedelta(hours=1)), COMMAND, NOW)
    assert [keep_broker_files(conn, settings, NOW) for _ in range(2)] == [1, 0]
    claimed(conn, ours, made.token, new_key())
    assert [keep_broker_files(conn, settings, NOW) for _ in range(2)] == [1, 0]
    assert "user gw-1\n" in (tmp_path / "broker" / "acl").read_text()
    (tmp_path / "broker" / "crl.pem").unlink()
    assert keep_broker_files(conn, settings, NOW) == 1
    assert keep_broker_files(conn, settings, NOW + YEAR) == 1
    assert "user gw-1\n" not in (tmp_path / "broker" / "acl").read_text()
