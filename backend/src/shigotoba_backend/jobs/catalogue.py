"""Every job there is.

Responsible for the list. Refuses to run it (see ``worker``).
"""

from __future__ import annotations

from typing import Final

from shigotoba_backend.enrolment.broker_files import keep_broker_files
from shigotoba_backend.jobs.decisions import play_decisions
from shigotoba_backend.jobs.forget import forget
from shigotoba_backend.jobs.gateway_commands import GatewayCommands
from shigotoba_backend.jobs.job import Job
from shigotoba_backend.jobs.months import months_ahead
from shigotoba_backend.jobs.offers import offers
from shigotoba_backend.jobs.presses import play_presses
from shigotoba_backend.jobs.privacy import privacy
from shigotoba_backend.jobs.push import push_job
from shigotoba_backend.jobs.quarantine import empty_quarantine
from shigotoba_backend.jobs.schedules import Schedules
from shigotoba_backend.jobs.settle import settle
from shigotoba_backend.jobs.tell import send_reminders, tell
from shigotoba_backend.jobs.witness import witness
from shigotoba_backend.webhooks.delivering import deliver

JOBS: Final = (
    Job("decisions", 0.5, play_decisions),
    Job("presses", 5.0, play_presses),
    Job("settle", 1.0, settle),
    Job("witness", 2.0, witness),
    Job("offers", 2.0, offers),
    Job("tell", 1.0, tell),
    Job("schedules", 1.0, Schedules().publish),
    Job("commands", 1.0, GatewayCommands().publish),
    Job("reminders", 15.0, send_reminders),
    Job("push", 5.0, push_job, lane="network"),
    Job("webhooks", 2.0, deliver, lane="network"),
    Job("forget", 3600.0, forget),
    Job("privacy", 600.0, privacy),
    Job("quarantine", 3600.0, empty_quarantine),
    Job("broker-files", 60.0, keep_broker_files),
    Job("months", 86_400.0, months_ahead, lane="readings"),
)
