"""The compose stack, as far as it can be judged without an engine; ``check-with-engine.sh`` beside it does the rest."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.site.description import read_site_file
from shigotoba_dashboard.settings import Settings as DashboardSettings
from shigotoba_sim.settings import read_sim_settings
from shigotoba_wire.logs import LogSettings
from shigotoba_wire.settings import read_settings

ROOT = Path(__file__).parents[1]
STACK = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = STACK["services"]
SETTINGS = ROOT / "deploy/compose/settings"
OURS = {name for name, service in SERVICES.items() if "build" in service}
NEEDED = {
    "caddy": {"NET_BIND_SERVICE"},
    "timescale/timescaledb": {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"},
}
"""What an image cannot start without: a capability on its binary (without it execve fails, whatever the port, whoever
runs it: caddyserver/caddy-docker, issue 396), or the way from root to its own user."""
VARIANTS = {"MOSQUITTO_VERSION": "-alpine", "CADDY_VERSION": "-alpine"}
"""With the shell and ``nc`` that the stack uses; of Mosquitto 2.1.2 no other is published (docker-library)."""


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_pinned_limited_and_without_privileges(name: str) -> None:
    service = SERVICES[name]
    assert re.search(r":\$\{[A-Z]+_VERSION:-v?\d+\.\d+", service["image"]), "an image has a version with a default"
    limits = service["deploy"]["resources"]["limits"]
    assert limits["cpus"]
    assert limits["memory"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "healthcheck" in service
    assert not service.get("privileged")
    assert not any("docker.sock" in str(volume) for volume in service.get("volumes", []))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_what_its_image_cannot_start_without_and_nothing_more(name: str) -> None:
    image = SERVICES[name]["image"].split(":")[0]
    wanted = {"CHOWN"} if name == "volumes" else NEEDED.get(image, set())
    assert set(SERVICES[name].get("cap_add", [])) == wanted


def test_the_example_names_the_pinned_versions_in_the_variants_that_are_published() -> None:
    text, example = ((ROOT / name).read_text(encoding="utf-8") for name in ("docker-compose.yml", ".env.example"))
    pinned = dict(re.findall(r"\$\{([A-Z]+_VERSION):-([^}]+)\}", text))
    assert pinned == dict(re.findall(r"^([A-Z]+_VERSION)=(.+)$", example, re.MULTILINE))
    for name, variant in VARIANTS.items():
        assert pinned[name].endswith(variant), name


@pytest.mark.parametrize("name", sorted(OURS - {"volumes"}))
def test_our_parts_run_as_nobody_and_write_only_to_volumes(name: str) -> None:
    assert SERVICES[name]["user"] == "10001:10001"
    assert SERVICES[name]["read_only"] is True


def test_secrets_are_files_and_never_variables() -> None:
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            secret = re.search(r"PASSWORD|SECRET|TOKEN|KEY", key)
            assert not secret or (key.endswith("FILE") and value.startswith("/run/secrets/")), (name, key)
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert not re.search(r"^\w*(PASSWORD|SECRET|TOKEN)", example, re.MULTILINE)
    assert "deploy/compose/secrets/*" in (ROOT / ".gitignore").read_text(encoding="utf-8")


def test_only_proxy_broker_and_the_operators_graphs_are_reachable() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy", "broker", "grafana"}
    assert SERVICES["grafana"]["ports"][0].startswith("127.0.0.1:")
    assert STACK["networks"]["inside"]["internal"] is True
    for name in ("database", "ingest", "rollup", "metrics", "dashboard", "migrate"):
        assert SERVICES[name]["networks"] == ["inside"], name


def test_every_variable_has_a_line_in_the_example() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    used = set(re.findall(r"\$\{([A-Z_]+)", text))
    given = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert used == given


def compose_settings(service: str, directory: Path) -> BackendSettings:
    """What first-start.sh makes of the template."""
    template = (SETTINGS / "backend.toml.in").read_text(encoding="utf-8")
    written = directory / f"{service}.toml"
    written.write_text(template.replace("@HOST@", "shigotoba.example.lg.jp").replace("@SERVICE@", service))
    return read_settings(written, BackendSettings)


@pytest.mark.parametrize("service", ["ingest", "api", "jobs"])
def test_the_settings_that_the_first_start_writes_can_be_read(service: str, tmp_path: Path) -> None:
    settings = compose_settings(service, tmp_path)
    assert settings.enrolment is not None
    assert settings.web.secure
    assert "password" not in settings.database


@pytest.mark.parametrize("service", ["api", "jobs", "tools"])
def test_who_writes_the_brokers_files_has_the_authority_and_the_place_for_them(service: str, tmp_path: Path) -> None:
    enrolment = compose_settings(service, tmp_path).enrolment
    assert enrolment is not None
    mounted = [volume.split(":") for volume in SERVICES[service]["volumes"]]
    assert str(enrolment.authority) in {place for _, place, *_ in mounted}
    assert ["broker_files", str(enrolment.broker_files)] in mounted, "to be written"
    assert ["broker_files", str(enrolment.broker_files), "ro"] in [
        volume.split(":") for volume in SERVICES["broker"]["volumes"]
    ]
    assert str(enrolment.broker_files) in SERVICES["broker"]["command"], "somebody watches it beside the broker"


def test_the_api_believes_the_proxy_and_nobody_else(tmp_path: Path) -> None:
    inside = STACK["networks"]["inside"]["ipam"]["config"][0]
    proxy = ip_address(SERVICES["proxy"]["networks"]["inside"]["ipv4_address"])
    assert proxy in ip_network(inside["subnet"])
    assert proxy not in ip_network(inside["ip_range"]), "somebody else could be given the proxy's address"
    assert compose_settings("api", tmp_path).web.trusted_proxies == [str(proxy)]
    caddy = (SETTINGS / "Caddyfile").read_text(encoding="utf-8")
    [alias] = SERVICES["api"]["networks"]["inside"]["aliases"]
    assert f"reverse_proxy {alias}:8060" in caddy
    assert "trusted_proxies" not in caddy, "the proxy would pass on what a browser says of itself"


def test_the_stack_tells_its_log_in_json_with_requests_and_batches(tmp_path: Path) -> None:
    for service in ("ingest", "api"):
        assert compose_settings(service, tmp_path).logs == LogSettings("json", requests=True, batches=True)
    assert read_settings(SETTINGS / "dashboard.toml", DashboardSettings).logs == LogSettings("json", requests=True)


def test_every_part_is_asked_whether_it_can_serve() -> None:
    asked = {name: str(service.get("healthcheck")) for name, service in SERVICES.items()}
    assert "127.0.0.1:8060/readyz" in asked["api"]
    assert "127.0.0.1:8050/readyz" in asked["dashboard"]
    for name in ("ingest", "rollup", "jobs", "metrics"):
        assert "'ready'" in asked[name]


def test_the_simulators_settings_can_be_read(tmp_path: Path) -> None:
    template = (SETTINGS / "sim.toml.in").read_text(encoding="utf-8")
    written = tmp_path / "sim.toml"
    written.write_text(template.replace("@OPENED@", "2026-04-01").replace("@NOW@", "2026-11-21T09:00:00+09:00"))
    assert read_sim_settings(written).broker.cert_file


def test_the_dashboards_settings_can_be_read_and_show_no_figure_to_strangers() -> None:
    settings = read_settings(SETTINGS / "dashboard.toml", DashboardSettings)
    assert (settings.host, settings.sign_in) == ("0.0.0.0", "required")


@pytest.mark.parametrize("name", sorted(OURS - {"volumes"}))
def test_every_command_is_a_command_that_exists(name: str) -> None:
    module, *arguments = SERVICES[name]["command"]
    assert (ROOT / _folder(module) / "src" / module / "__main__.py").exists()
    if "--settings" in arguments:
        file = arguments[arguments.index("--settings") + 1].removeprefix("/etc/shigotoba/")
        assert file in {"ingest.toml", "api.toml", "jobs.toml", "backend.toml", "dashboard.toml", "sim.toml"}


def _folder(module: str) -> str:
    return {"shigotoba_sim": "firmware-sim"}.get(module, module.removeprefix("shigotoba_"))


@pytest.mark.parametrize("member", ["backend", "dashboard", "sim"])
def test_an_image_has_every_member_it_needs_and_the_locked_libraries(member: str) -> None:
    folders = shlex.split((ROOT / "deploy/images/members" / member).read_text(encoding="utf-8"))
    ours = {f"shigotoba-{folder.removeprefix('./').replace('firmware-sim', 'sim')}" for folder in folders}
    locked = (ROOT / "requirements" / f"{member}.txt").read_text(encoding="utf-8").lower()
    for folder in folders:
        project = tomllib.loads((ROOT / folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        for wanted in project["dependencies"]:
            name = re.split(r"[\[<>=]", wanted)[0].lower()
            assert name in ours or re.search(rf"^{re.escape(name)}(\[\S+\])?==", locked, re.MULTILINE), (folder, wanted)


def test_the_example_of_a_site_can_be_imported() -> None:
    assert read_site_file(ROOT / "deploy/compose/example-site.json").floors


def test_both_brokers_configurations_demand_the_same_of_whoever_connects() -> None:
    def demanded(path: Path) -> list[str]:
        lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
        words = ("allow_anonymous", "require_certificate", "use_identity", "tls_version", "crlfile", "acl_file")
        return sorted(line.split("/")[0] for line in lines if line.startswith(words))

    assert demanded(SETTINGS / "mosquitto.conf") == demanded(ROOT / "deploy/mosquitto/upstream.conf")


def test_docker_compose_accepts_the_file_with_every_profile_where_it_is_installed() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker compose is not installed; deploy/compose/check-with-engine.sh asks it")
    profiles = [f"--profile={name}" for name in ("observe", "simulate", "tools")]
    command = [docker, "compose", "--env-file", ".env.example", *profiles, "config", "--quiet"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
