"""A machine on which the compose stack has its first start, without an engine: the scripts run, Python for ``tools``.

Responsible for the directory and for running the scripts there. Refuses to judge: tests do.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from cryptography import x509

from shigotoba_backend.enrolment.settings import EnrolmentSettings
from shigotoba_backend.settings import BackendSettings
from shigotoba_wire.settings import Broker, read_settings

COMPOSE = Path(__file__).parents[3] / "deploy" / "compose"
NAME = "localhost"
"""What the stack is called here, so that its certificates hold for this machine."""


class Machine:
    """A directory with a deploy/compose of its own.

    Attributes:
        root: Where the scripts are run.
        places: What of the containers is where here.
    """

    def __init__(self, root: Path, database: str) -> None:
        self.root = root
        self.settings, self.secrets = root / "deploy/compose/settings", root / "deploy/compose/secrets"
        self.settings.mkdir(parents=True)
        shutil.copy(COMPOSE / "settings/backend.toml.in", self.settings)
        self.places = {
            "host=database dbname=shigotoba user=shigotoba passfile=/run/shigotoba-secrets/pgpass": database,
            "/run/shigotoba-secrets": str(self.secrets),
            "/var/lib/shigotoba": str(root / "volumes"),
        }

    def here(self, text: str, more: Mapping[str, str] | None = None) -> str:
        for there, here in {**self.places, **(more or {})}.items():
            text = text.replace(there, here)
        return text

    def first_start(self) -> None:
        """Files and certificates."""
        self.run("files.sh", NAME)
        self.tools.write_text(self.here((self.settings / "backend.toml").read_text(encoding="utf-8")), encoding="utf-8")
        self.certify()

    @property
    def tools(self) -> Path:
        """What the commands of ``tools`` are set."""
        return self.root / "tools.toml"

    @property
    def enrolment(self) -> EnrolmentSettings:
        """What those commands do with gateways."""
        settings = read_settings(self.tools, BackendSettings).enrolment
        assert settings is not None
        return settings

    def certify(self, expected: int = 0) -> str:
        python = (sys.executable, "-P", "-m")
        places = (str(self.tools), str(self.secrets), str(self.secrets))
        return self.run("certificates.sh", NAME, *places, *python, expected=expected)

    def run(self, script: str, *arguments: str, expected: int = 0) -> str:
        """What a script of the first start says."""
        command = ["sh", str(COMPOSE / "first" / script), *arguments]
        done = subprocess.run(command, cwd=self.root, check=False, capture_output=True, text=True)
        assert done.returncode == expected, done.stderr
        return done.stderr

    def broker(self, port: int, name: str) -> Broker:
        """How a part, or a claimed gateway, connects."""
        ca, certificate, key = (self.secrets / file for file in ("ca.pem", f"{name}.pem", f"{name}.key"))
        return Broker(NAME, port, ca_file=ca, cert_file=certificate, key_file=key)

    def certificate(self, name: str) -> x509.Certificate:
        return x509.load_pem_x509_certificate((self.secrets / f"{name}.pem").read_bytes())
