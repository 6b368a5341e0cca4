"""The simulator's printers, written from the same sources by somebody else: what they count is what we read."""

from __future__ import annotations

from socket import SOCK_DGRAM

import pytest

from shigotoba_edge.drivers.printer_snmp.reconciliation import difference
from shigotoba_sim.devices import Mfp
from shigotoba_sim.faces.mfp.agent import SnmpAgent
from shigotoba_sim.faces.mfp.standard import Glance, standard_tree
from shigotoba_sim.faces.mfp.vendors import vendor_tree
from shigotoba_sim.plan.counters import Counters
from shigotoba_standalone.ports import free_ports

COUNTED = Counters(
    print_mono=4_000,
    print_colour=1_000,
    copy_mono=700,
    copy_colour=300,
    fax_print=50,
    other=6,
    sheets=4_000,
    fax_sent=90,
    fax_received=80,
    scan_sent=400,
)
SAYS = {
    "impressions_total": 6_056,
    "impressions_print": 5_000,
    "impressions_print_mono": 4_000,
    "impressions_print_colour": 1_000,
    "impressions_copy": 1_000,
    "impressions_copy_mono": 700,
    "impressions_copy_colour": 300,
    "impressions_fax": 50,
    "impressions_other": 6,
    "impressions_mono": 4_756,
    "impressions_colour": 1_300,
    "fax_sent": 90,
    "fax_received": 80,
    "scan_sent": 400,
    "scan_total": 400,
}
MAKES = ("ricoh", "sharp", "canon", "fujifilm", "konica_minolta", "kyocera", "pwg", "standard")


@pytest.fixture
async def ports():
    """All makes, answering; the port of each."""
    ports = dict(zip(MAKES, free_ports(len(MAKES), SOCK_DGRAM), strict=True))
    agents = [SnmpAgent(port, lambda make=make: tree(make)) for make, port in ports.items()]
    for agent in agents:
        await agent.open()
    yield ports
    for agent in agents:
        await agent.close()


def tree(make: str):
    mfp = Mfp(f"mfp-{make}", make, "3f-p1", make, "a model")
    return standard_tree(Glance(mfp, 86_400_000, COUNTED, 0, False)) | vendor_tree(mfp, COUNTED)


async def test_every_make_is_read_as_it_counts(ports, listening) -> None:
    printers = [{"host": "127.0.0.1", "port": port} for port in ports.values()]
    watched = listening(kind="printer_snmp", printer=printers, poll_every_s=0.5, answer_within_s=2.0)
    async with watched.running():
        await watched.until(lambda: len({seen.device for seen in watched.sightings}) == len(MAKES))
    for seen in watched.sightings:
        counts = {reading.point: reading.value for reading in seen.readings if reading.point in SAYS}
        assert counts == {point: SAYS[point] for point in counts}, seen.device
        assert "impressions_total" in counts
        # What a make counts nowhere but in its total: at most faxes and reports.
        assert difference(counts) in (None, 0, COUNTED.other, COUNTED.fax_print, COUNTED.fax_print + COUNTED.other)
