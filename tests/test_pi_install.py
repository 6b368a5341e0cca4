"""A Raspberry Pi installs edge and gateway, and nothing of the backend's weight."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[1]
TOO_HEAVY = ("polars", "plotly", "dash", "psycopg", "fastapi", "amqtt", "shigotoba_backend", "shigotoba_sim")


def run(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def install(folder: Path, *options: str) -> str:
    return run("sh", folder / "shigotoba-pi" / "deploy" / "pi" / "install.sh", "--root", folder / "root", *options)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked archive that is carried to a Pi, installed beside it under ``root``."""
    folder = tmp_path_factory.mktemp("pi")
    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    maker = ["sh", str(ROOT / "deploy" / "pi" / "bundle.sh"), str(folder / "bundle.tar.gz")]
    subprocess.run(maker, check=True, env=environment, stdout=subprocess.DEVNULL)
    run("tar", "xzf", folder / "bundle.tar.gz", "-C", folder)
    install(folder)
    return folder


@pytest.fixture(scope="module")
def pi(bundle: Path) -> Path:
    """The Python of an environment as a Pi has it: locked requirements, then our wheels."""
    return bundle / "root" / "opt" / "shigotoba" / "bin" / "python"


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


@pytest.mark.parametrize(("name", "word"), [("shigotoba-gateway", "claim"), ("shigotoba-edge", "discover")])
def test_the_electricians_commands_are_there(bundle: Path, tmp_path: Path, name: str, word: str) -> None:
    command = bundle / "root" / "opt" / "shigotoba" / "bin" / name
    assert word in run(command, "--help", cwd=tmp_path)
    link = bundle / "root" / "usr" / "local" / "bin" / name
    assert str(link.readlink()) == f"/opt/shigotoba/bin/{name}"


def test_installing_again_changes_no_file_and_says_what_it_would_do(bundle: Path) -> None:
    acl = bundle / "root" / "etc" / "mosquitto" / "shigotoba" / "acl"
    acl.write_text("user edge-1\n")
    said = install(bundle, "--dry-run")
    assert "would: install" not in said
    assert "pip" in said
    assert acl.read_text() == "user edge-1\n"


def test_systemd_accepts_the_units_and_finds_them_well_shut_in(bundle: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed (package systemd)")
    for unit in ("shigotoba-gateway", "shigotoba-edge", "shigotoba-claim"):
        text = (bundle / "root" / "etc" / "systemd" / "system" / f"{unit}.service").read_text()
        here = tmp_path / f"{unit}.service"
        here.write_text(text.replace("/opt/shigotoba", str(bundle / "root" / "opt" / "shigotoba")))
        assert run("systemd-analyze", "verify", "--man=no", here) == ""
        if unit != "shigotoba-claim":  # runs once, as root, to hand its files to the others
            run("systemd-analyze", "security", "--offline=true", "--threshold=20", here)


def test_uninstalling_leaves_settings_and_data_unless_told(bundle: Path) -> None:
    root = bundle / "spare"
    shutil.copytree(bundle / "root" / "etc", root / "etc")
    remove = ("sh", bundle / "shigotoba-pi" / "deploy" / "pi" / "install.sh", "--root", root, "--uninstall")
    run(*remove)
    assert not (root / "etc" / "systemd" / "system" / "shigotoba-gateway.service").exists()
    assert (root / "etc" / "shigotoba" / "secrets").is_dir()
    run(*remove, "--purge")
    assert not (root / "etc" / "shigotoba").exists()


def test_shellcheck_finds_nothing_in_the_scripts() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed (package shellcheck)")
    run("shellcheck", *sorted(path for where in ("deploy", "scripts") for path in (ROOT / where).rglob("*.sh")))
