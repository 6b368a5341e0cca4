"""The embedded broker's process: amqtt 0.12 with our two plug-ins and nothing else.

amqtt's default plug-ins log every packet and halve its speed (research/mqtt.md section 1.2). It speaks MQTT 3.1.1 and
keeps nothing over a restart; receipts make up for both.

Responsible for reading the settings and running until SIGTERM. Refuses to be a broker for anything but this machine.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import tomllib
from pathlib import Path
from typing import Any

from amqtt.broker import Broker

from shigotoba_standalone.errors import StandaloneError

PLUGINS = "shigotoba_standalone.brokers.amqtt_access"
log = logging.getLogger("amqtt-broker")


def read_configuration(path: Path) -> dict[str, Any]:
    """The settings file as amqtt's configuration.

    Raises:
        StandaloneError: The file is missing or a key is.
    """
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
        users = settings["user"]
        hashes = _hashes(Path(settings["password_file"]))
        bind = f"{settings['host']}:{settings['port']}"
        may_write = {user["name"]: user["may_write"] for user in users}
        may_read = {user["name"]: user["may_read"] for user in users}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StandaloneError(f"{path}: cannot be read ({error}).") from error
    except KeyError as error:
        raise StandaloneError(f"{path}: {error} is missing.") from error
    return {
        "listeners": {"default": {"type": "tcp", "bind": bind}},
        "plugins": {
            f"{PLUGINS}.PasswordPlugin": {"hashes": hashes},
            f"{PLUGINS}.TopicPlugin": {"may_write": may_write, "may_read": may_read},
        },
    }


def _hashes(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {user: stored for user, _, stored in (line.partition(":") for line in lines) if stored}


async def run(configuration: dict[str, Any]) -> None:
    """Serve until SIGTERM or SIGINT."""
    logging.getLogger("transitions").setLevel(logging.WARNING)  # amqtt's state machine tells every step
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    broker = Broker(configuration)
    await broker.start()
    log.info("listening on %s", configuration["listeners"]["default"]["bind"])
    await stop.wait()
    await broker.shutdown()
    log.info("stopped")
