"""From the invitation to the revocation, as real processes: API over HTTPS, mosquitto with mutual TLS, the gateway."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shigotoba_gateway.__main__ import main as device
from shigotoba_gateway.identity.keeping import read_identity
from shigotoba_testing.office import Office, said, site
from shigotoba_testing.waiting import until

__all__ = ["site"]

pytestmark = pytest.mark.integration


@contextlib.contextmanager
def running(device_home: Path) -> Iterator[None]:
    """A claimed gateway; its own broker is missing, which is not the subject here."""
    settings = device_home / "gateway.toml"
    text = settings.read_text().replace('page_host = "0.0.0.0"', 'page_host = ""').replace('led = "ACT"', 'led = ""')
    settings.write_text(text.replace("announce = true", "announce = false"))
    process = subprocess.Popen([sys.executable, "-m", "shigotoba_gateway", "run", "--settings", str(settings)])
    try:
        yield
    finally:
        process.kill()
        process.wait()


CUT_OFF = """
import os, signal, sys

CHANGES = {"os.rename", "os.remove", "os.symlink", "os.mkdir", "os.rmdir"}

def gets_through(act, step, opening):
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    left = step
    def when(event, said):
        nonlocal left
        if event in CHANGES or (opening and event == "open" and (said[2] or 0) & os.O_CREAT):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(when)
    act()
    os._exit(0)

def check_when_cut_off(act, check, opening):
    step = 0
    while not gets_through(act, step, opening):
        check()
        step += 1
    print(step, "steps")
"""
"""Does something again and again, killed before the first change of a file, before the second, ... until it is done."""

RENEWING = f"""{CUT_OFF}
from pathlib import Path
from shigotoba_gateway.identity.keeping import read_identity
from shigotoba_gateway.identity.renewal import renew_now
from shigotoba_gateway.settings import GatewaySettings
from shigotoba_wire.settings import read_settings
from cryptography import x509

settings = read_settings(Path(sys.argv[1]), GatewaySettings).identity

def check():
    identity = read_identity(settings.directory)
    assert x509.load_pem_x509_certificate(identity.pem.encode()).public_key() == identity.key.public_key()

check_when_cut_off(lambda: renew_now(settings), check, opening=True)
there = settings.directory.iterdir()
print(*sorted(path.name for path in there if path.is_symlink() or path.is_file()))
"""

CLAIMING = f"""{CUT_OFF}
from pathlib import Path
from shigotoba_gateway.commands.claim import main  # once, not in each child

invitation, device = Path(sys.argv[1]), Path(sys.argv[2])

def check():
    there = [(device / name).exists() for name in ("secrets/gateway", "secrets/edge-1", "edge.toml", "gateway.toml")]
    assert there == sorted(there, reverse=True), "what a service starts by comes after what it needs"
    assert invitation.exists() or all(there), "without its invitation a board without a screen never gets the rest"

def claim():
    assert main(["--invitation", str(invitation), "--forget", "--agent", "edge-1", *sys.argv[3:]]) == 0

check_when_cut_off(claim, check, opening=False)
check()
"""


def connected(site: Office) -> bool:
    report = site.report()
    return report is not None and report.upstream.connected and report.upstream.heard_itself


def trouble(site: Office) -> str:
    report = site.report()
    return report.upstream.trouble if report else ""


def test_a_claimed_gateway_speaks_renews_falls_silent_when_revoked_and_comes_back_from_the_drawer(site: Office) -> None:
    check_its_claim(site)
    with running(site.device):
        until(lambda: connected(site), what="the gateway at the broker")
        check_its_life(site)
    site.certify(datetime.now(UTC) - timedelta(days=400), timedelta(days=365))
    with running(site.device):
        check_its_way_back(site)


def cut_off_everywhere(script: str, *arguments: str) -> list[str]:
    """What the script says."""
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()


def check_its_claim(site: Office) -> None:
    """As of a board without a screen: wherever its power fails, it becomes a gateway with an agent in the end."""
    line, home = site.invite(), site.device
    where = {"broker": "broker", "secrets": "secrets", "agent-settings": "edge.toml"}
    options = [part for name, place in where.items() for part in (f"--{name}", str(home / place))]
    told = cut_off_everywhere(CLAIMING, str(line), str(home), *site.device_options(), *options)
    assert int(told[-1].split()[0]) > 10
    assert not line.exists()
    assert not (home / "state" / "identity" / "pending.key").exists()
    assert 'agent = "edge-1"' in (home / "edge.toml").read_text()


def check_its_life(site: Office) -> None:
    assert "127.0.0.1" in site.status("en")
    assert "証明書" in site.status("ja")
    first = read_identity(site.device / "state" / "identity")

    renewed = said(device, "renew", "--settings", str(site.device / "gateway.toml"))
    assert "gw-1: certificate until" in renewed
    second = read_identity(site.device / "state" / "identity")
    assert second.key.public_key() != first.key.public_key()

    told = cut_off_everywhere(RENEWING, str(site.device / "gateway.toml"))
    assert int(told[0].split()[0]) > 10
    assert told[1].split() == ["ca.pem", "current"], "nothing half done is left over"

    assert "2 certificates revoked" in site.backend("gateway", "revoke", "gw-1", "--lost")
    refused = {"denied", "platform_unreachable", "identity_refused"}
    until(lambda: not refused.isdisjoint(site.findings()), what="the refusal")
    site.restart_broker()
    until(lambda: "identity_refused" in site.findings(), what="the reason")
    assert "our certificate has been revoked" in site.status("en")
    assert "証明書が失効しています" in site.status("ja")
    assert "gw-1: revoked (lost)" in site.backend("gateway", "list")


def check_its_way_back(site: Office) -> None:
    """A certificate that ended a month ago: what is said of it, and how a claim alone mends it."""
    until(lambda: "certificate_ended" in site.findings(), what="the end, in the status")
    until(lambda: "our certificate has expired" in trouble(site), what="the broker's refusal")
    told = site.status("en")
    assert "The certificate ended on" in told
    assert "sudo shigotoba-gateway claim" in told
    assert "証明書の有効期限" in site.status("ja")
    assert "gw-1: expired" in site.backend("gateway", "list")
    line = site.invite()
    site.claim(line)
    until(lambda: connected(site), what="the gateway at the broker, without a restart")
    until(lambda: site.findings() == ["local_broker", "no_agent"], what="nothing more about certificates")
    assert "gw-1: good" in site.backend("gateway", "list")


def test_new_hardware_under_the_same_name_throws_the_old_off_and_the_old_says_why(site: Office) -> None:
    site.claim(site.invite())
    old, spare = site.device, site.device.parent / "spare"
    (spare / "run").mkdir(parents=True)
    with running(old):
        until(lambda: connected(site), what="the gateway at the broker")
        site.device = spare
        assert "this device is gw-1" in site.claim(site.invite())
        with running(spare):
            until(lambda: connected(site), what="the new device at the broker")
            site.device = old
            until(lambda: "identity_refused" in site.findings(), what="the old device's reason")
            assert "our certificate has been revoked" in site.status("en")
            site.device = spare
            assert connected(site)


def test_only_the_first_device_with_the_right_token_gets_in(site: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    line = site.invite()
    token = line.read_text().split("token=")[1].strip()
    wrong = site.home / "wrong"
    wrong.write_text(line.read_text().replace(token, "0000-0000-0000-0000-0000"))
    assert "somebody else answers" in site.claim(wrong, expected=1)
    assert not (site.device / "state" / "identity" / "current").exists()
    site.claim(line)
    assert token not in (site.device / "gateway.toml").read_text()
    site.device = site.device.parent / "thief"
    site.device.mkdir()
    refused = site.claim(line, expected=1)
    assert "another device" in refused
    assert token not in refused
    monkeypatch.setenv("SHIGOTOBA_LANG", "ja")
    assert "別の機器" in site.claim(line, expected=1)


def test_openssl_itself_accepts_what_the_authority_made(site: Office) -> None:
    site.claim(site.invite())
    authority, crl = site.home / "broker" / "ca.pem", site.home / "broker" / "crl.pem"
    certificate = site.device / "state" / "identity" / "current" / "certificate.pem"
    check = ["openssl", "verify", "-x509_strict", "-purpose", "sslclient", "-crl_check"]
    files = ["-CAfile", str(authority), "-CRLfile", str(crl)]
    good = subprocess.run([*check, *files, str(certificate)], capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stderr
    as_server = [part if part != "sslclient" else "sslserver" for part in check]
    assert subprocess.run([*as_server, *files, str(certificate)], capture_output=True, check=False).returncode != 0
    site.backend("gateway", "revoke", "gw-1")
    revoked = subprocess.run([*check, *files, str(certificate)], capture_output=True, text=True, check=False)
    assert "revoked" in revoked.stderr
    later = str(int((datetime.now(UTC) + timedelta(days=400)).timestamp()))
    expired = subprocess.run(
        [*check[:-1], "-attime", later, *files, str(certificate)], capture_output=True, text=True, check=False
    )
    assert "expired" in expired.stderr
