"""The supervisor: every part a process of its own, started in order, started again when it dies, stopped in reverse."""

from __future__ import annotations

from shigotoba_standalone.supervisor.child import Child
from shigotoba_standalone.supervisor.status import ProcessStatus, Progress, Status, read_status, write_status
from shigotoba_standalone.supervisor.supervisor import Supervisor
from shigotoba_standalone.supervisor.ticks import ticks

__all__ = ["Child", "ProcessStatus", "Progress", "Status", "Supervisor", "read_status", "ticks", "write_status"]
