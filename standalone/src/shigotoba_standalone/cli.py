"""The command line: which command with which arguments; an error is one line and status 2."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from shigotoba_standalone import console, locks, telling
from shigotoba_standalone.brokers import embedded_process
from shigotoba_standalone.demo.ground import Wishes
from shigotoba_standalone.demo.home import Home
from shigotoba_standalone.demo.reset import reset
from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.keeper import Keeper
from shigotoba_standalone.platforms import check_platform
from shigotoba_standalone.programs import Program
from shigotoba_standalone.supervise import supervise
from shigotoba_standalone.supervisor import read_status


def main(arguments: Sequence[str]) -> int:
    """Run one command; its exit status."""
    options = _parser().parse_args(arguments)
    try:
        check_platform()
        return options.run(options)
    except StandaloneError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    home, run = _home_arguments(), _run_arguments()
    parser = argparse.ArgumentParser(prog="python -m shigotoba_standalone", description="Shigotoba on one machine.")
    commands = parser.add_subparsers(required=True, metavar="command")
    demo = commands.add_parser("demo", parents=[home, run], help="run the whole product with a simulated building")
    demo.set_defaults(run=_demo)
    wipe = commands.add_parser("demo-reset", parents=[home], help="forget the demo's data")
    wipe.set_defaults(run=_reset)
    status = commands.add_parser("status", parents=[home], help="list the demo's processes")
    status.set_defaults(run=_status)
    supervisor = commands.add_parser("supervise", parents=[home, run], help="run the processes (demo starts this)")
    supervisor.set_defaults(run=_supervise)
    broker = commands.add_parser("amqtt-broker", help="run the embedded MQTT broker (the supervisor starts this)")
    broker.add_argument("--settings", type=Path, required=True)
    broker.set_defaults(run=_broker)
    return parser


def _home_arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--home", type=_home, default=".demo", help="the demo's directory (default: .demo)")
    return parser


def _run_arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--port", type=_number(1, 65535), default=8050, help="TCP port of the page (default: 8050)")
    parser.add_argument(
        "--history-days",
        type=_number(0, 366),
        help="days of history of a demo that is made now (default: from the first day of the month before)",
    )
    parser.add_argument(
        "--uplink-port",
        type=_number(1, 65535),
        help="where the gateway looks for the upstream broker (for a relay that can be cut; default: the broker)",
    )
    parser.add_argument(
        "--uplink-tls",
        type=Path,
        help="directory of certificates with which the gateway reaches the upstream broker (for tests)",
    )
    parser.add_argument(
        "--scenario",
        type=Path,
        help="what is different in a demo that is made now, and what befalls it: a TOML file (docs/simulator.md)",
    )
    parser.add_argument(
        "--log-style",
        choices=("text", "json"),
        default="text",
        help="logs for people, or for programs with a line for each request and batch (default: text)",
    )
    return parser


def _home(text: str) -> Home:
    return Home(Path(text).resolve())


def _number(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return number


def _demo(options: argparse.Namespace) -> int:
    home: Home = options.home
    wishes = ["--home", str(home.root), "--port", str(options.port), "--log-style", options.log_style]
    wishes += [] if options.history_days is None else ["--history-days", str(options.history_days)]
    relay = [] if options.uplink_port is None else ["--uplink-port", str(options.uplink_port)]
    relay += [] if options.uplink_tls is None else ["--uplink-tls", str(options.uplink_tls.resolve())]
    scenario = [] if options.scenario is None else ["--scenario", str(options.scenario.resolve())]
    command = [sys.executable, "-P", "-m", "shigotoba_standalone", "supervise", *wishes, *relay, *scenario]
    program = Program("supervisor", command, orphan_signal=signal.SIGTERM)
    with locks.held(home.lock) as lock:
        home.status.unlink(missing_ok=True)
        with console.for_this_output() as shown:
            ended = Keeper(program, home.logs, lock, shown.line, partial(_show, home, shown)).keep()
        home.status.unlink(missing_ok=True)
        return ended


def _show(home: Home, shown: console.Console) -> None:
    if status := read_status(home.status):
        shown.show(status)


def _supervise(options: argparse.Namespace) -> int:
    if not locks.is_held(options.home.lock):
        raise StandaloneError("supervise is a part of demo and is not started by itself. Run: make demo")
    telling.begin(options.log_style)
    wishes = Wishes(
        options.port,
        options.history_days,
        options.uplink_port,
        options.scenario,
        options.log_style,
        options.uplink_tls,
    )
    return supervise(options.home, wishes)


def _reset(options: argparse.Namespace) -> int:
    print(reset(options.home))
    return 0


def _status(options: argparse.Namespace) -> int:
    home: Home = options.home
    status = read_status(home.status)
    if status is None or not locks.is_held(home.lock):
        raise StandaloneError(f"no demo is running in {home.root}. Start one with: make demo")
    print(console.table(status))
    return 0


def _broker(options: argparse.Namespace) -> int:
    telling.begin("text")
    asyncio.run(embedded_process.run(embedded_process.read_configuration(options.settings)))
    return 0
