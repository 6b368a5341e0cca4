"""A Raspberry Pi installs edge and gateway, and nothing of the backend's weight."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[1]
PI_MEMBERS = ("wire", "booth", "edge", "gateway")
TOO_HEAVY = ("polars", "plotly", "dash", "psycopg", "fastapi", "amqtt", "shigotoba_backend", "shigotoba_sim")


def run(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def pi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment made as a Pi makes it: locked requirements, then our wheels."""
    folder = tmp_path_factory.mktemp("pi")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    members = [ROOT / member for member in PI_MEMBERS]
    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder / "wheels", *members],
        check=True,
        env=environment,
    )
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    install = (*pip, "--python", python, "install", "--no-compile")
    run(*install, "--require-hashes", "-r", ROOT / "requirements" / "pi.txt")
    run(*install, "--no-deps", "--no-index", *sorted((folder / "wheels").iterdir()))
    return python


@pytest.mark.parametrize("package", TOO_HEAVY)
def test_nothing_heavy_is_on_a_pi(pi: Path, package: str) -> None:
    found = run(pi, "-c", f"import importlib.util; print(importlib.util.find_spec('{package}') is not None)")
    assert found.strip() == "False"


@pytest.mark.parametrize("command", [("shigotoba_edge", "run"), ("shigotoba_gateway",)])
def test_both_programs_start_from_their_wheels(pi: Path, command: tuple[str, ...], tmp_path: Path) -> None:
    assert "--settings" in run(pi, "-m", *command, "--help", cwd=tmp_path)


def test_the_wheels_carry_their_sql(pi: Path, tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from shigotoba_gateway.spool import Spool;"
        "spool = Spool.open(Path('spool.sqlite'), 'honcho', 'gw-1'); print(spool.outbox.next_seq); spool.close()"
    )
    assert run(pi, "-c", script, cwd=tmp_path).strip() == "1"
