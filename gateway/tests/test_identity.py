"""The identity on disk: made here, exchanged in one step, readable to nobody else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from shigotoba_backend.enrolment.authority import Authority, make_authority
from shigotoba_backend.enrolment.requests import read_request
from shigotoba_gateway.identity.errors import IdentityError
from shigotoba_gateway.identity.invitations import invitation, read_invitation
from shigotoba_gateway.identity.keeping import adopt, pending_key, read_identity, request_for, tidy
from shigotoba_gateway.identity.renewal import Renewal
from shigotoba_gateway.identity.settings import IdentitySettings
from shigotoba_wire.enrolment import authority_proof, token_digest

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("ca"), "Test", NOW)


def certified(authority: Authority, directory: Path, days: int = 90) -> str:
    request = request_for(pending_key(directory), "gw-1")
    pem = request.public_bytes(serialization.Encoding.PEM).decode()
    issued = authority.issue_client(read_request(pem, "gw-1"), timedelta(days=days), NOW)
    return issued.public_bytes(serialization.Encoding.PEM).decode()


def test_a_certificate_is_adopted_with_the_key_it_was_asked_for(authority, tmp_path: Path):
    identity = adopt(tmp_path / "identity", certified(authority, tmp_path / "identity"), authority.pem.decode())
    assert identity.name == "gw-1"
    assert identity.renew_at - identity.begins == (identity.ends - identity.begins) * 2 / 3
    assert (tmp_path / "identity" / "pending.key").exists(), "until all that follows from it is done"
    tidy(tmp_path / "identity")
    assert not (tmp_path / "identity" / "pending.key").exists()


def test_only_the_owner_can_read_the_key(authority, tmp_path: Path):
    adopt(tmp_path / "identity", certified(authority, tmp_path / "identity"), authority.pem.decode())
    key = tmp_path / "identity" / "current" / "key.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "identity").stat().st_mode & 0o777 == 0o700
    key.chmod(0o644)
    with pytest.raises(IdentityError, match="can be read by others"):
        read_identity(tmp_path / "identity")


def test_a_lost_answer_costs_nothing_because_the_same_key_asks_again(tmp_path: Path):
    first = pending_key(tmp_path).public_key()
    assert pending_key(tmp_path).public_key() == first


def test_the_next_generation_replaces_the_one_before(authority, tmp_path: Path):
    first = adopt(tmp_path, certified(authority, tmp_path), authority.pem.decode())
    tidy(tmp_path)
    second = adopt(tmp_path, certified(authority, tmp_path), authority.pem.decode())
    tidy(tmp_path)
    assert second.key.public_key() != first.key.public_key()
    assert read_identity(tmp_path).pem == second.pem
    assert len([entry for entry in tmp_path.iterdir() if entry.is_dir() and not entry.is_symlink()]) == 1


def test_a_certificate_for_another_key_or_from_another_authority_is_not_adopted(authority, tmp_path: Path):
    other = make_authority(tmp_path / "other", "Other", NOW)
    theirs = certified(authority, tmp_path / "theirs")
    pending_key(tmp_path / "ours")
    with pytest.raises(IdentityError, match="another key"):
        adopt(tmp_path / "ours", theirs, authority.pem.decode())
    with pytest.raises(IdentityError, match="not from its authority"):
        adopt(tmp_path / "theirs", theirs, other.pem.decode())
    with pytest.raises(IdentityError, match="holds no identity"):
        read_identity(tmp_path / "ours")


def test_an_invitation_is_read_from_its_line_and_vouches_for_one_authority():
    line = "shigotoba:claim?platform=https%3A%2F%2Foffice.example%2F&gateway=gw-1&token=7K2Q-X9DM-0HVA-TR3E-5WBN\n"
    read = read_invitation(line)
    assert (read.platform, read.gateway) == ("https://office.example", "gw-1")
    assert read.digest == invitation("https://office.example", "gw-1", "7k2q x9dm ohva tr3e 5wbn").digest
    assert read.digest == token_digest("7K2Q-X9DM-0HVA-TR3E-5WBN")
    proof = authority_proof(read.digest, b"PEM")
    assert read.vouches_for("PEM", proof)
    assert not read.vouches_for("another", proof)
    assert not read.vouches_for("PEM", "")
    assert "7K2Q" not in repr(read)


@pytest.mark.parametrize("line", ["", "https://office.example", "shigotoba:claim?gateway=gw-1", "shigotoba:claim?x"])
def test_nonsense_is_no_invitation(line: str):
    with pytest.raises(IdentityError):
        read_invitation(line)


def test_a_token_is_never_sent_without_encryption():
    with pytest.raises(IdentityError, match="https://"):
        invitation("http://office.example", "gw-1", "7K2Q")


def test_it_is_renewed_at_two_thirds_of_its_life_and_a_failure_is_shown_and_tried_again_later(
    authority, tmp_path: Path
):
    """Nobody listens at this platform's address; a failed try keeps the pending key for the next."""
    identity = adopt(tmp_path, certified(authority, tmp_path), authority.pem.decode())
    tidy(tmp_path)
    times = [identity.renew_at - timedelta(minutes=1)]
    renewal = Renewal(IdentitySettings(tmp_path, "https://127.0.0.1:1"), lambda: times[-1])
    renewal.look()
    assert not (tmp_path / "pending.key").exists()
    times.append(identity.renew_at)
    renewal.look()
    assert "cannot be reached" in renewal.standing().trouble
    assert renewal.standing().name == "gw-1"
    waiting = (tmp_path / "pending.key").read_bytes()
    (tmp_path / "pending.key").unlink()
    times.append(identity.renew_at + timedelta(minutes=59))
    renewal.look()
    assert not (tmp_path / "pending.key").exists()
    times.append(identity.renew_at + timedelta(minutes=61))
    renewal.look()
    assert (tmp_path / "pending.key").read_bytes() != waiting


def test_a_certificate_put_in_force_by_somebody_else_is_noticed_and_has_no_past_failures(authority, tmp_path: Path):
    """As after ``shigotoba-gateway claim`` beside a gateway that runs."""
    identity = adopt(tmp_path, certified(authority, tmp_path), authority.pem.decode())
    tidy(tmp_path)
    changes: list[str] = []
    renewal = Renewal(IdentitySettings(tmp_path, "https://127.0.0.1:1"), lambda: identity.renew_at)
    renewal.on_change = lambda: changes.append(renewal.standing().serial)
    renewal.look()
    assert (bool(renewal.standing().trouble), changes) == (True, [])
    claimed = adopt(tmp_path, certified(authority, tmp_path), authority.pem.decode())
    assert (renewal.standing().trouble, renewal.standing().serial, changes) == ("", claimed.serial, [claimed.serial])
