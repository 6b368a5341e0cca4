"""What opens a printer: communities, and users of SNMPv3 with their keys."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from shigotoba_testing.printers import (
    RICOH_SAYS,
    says,
    table,
)
from shigotoba_wire.errors import SettingsError


async def test_the_community_comes_from_a_file_and_stays_out_of_the_log(
    start_mfp, listening, ricoh, tmp_path: Path, caplog
) -> None:
    caplog.set_level(logging.DEBUG, logger="shigotoba_edge")
    secret = tmp_path / "community"
    secret.write_text("hisho-no-kotoba\n")
    _, port = await start_mfp(ricoh, community="hisho-no-kotoba")
    watched = listening(**table(port, community_file=str(secret)))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
    assert "hisho" not in caplog.text


USER = ("shigotoba", "himitsu-no-kagi", "mou-hitotsu-no-kagi")


@pytest.fixture
def v3(tmp_path: Path) -> dict[str, str]:
    """The table of a user whose keys are in files."""
    for name, key in zip(("auth", "privacy"), USER[1:], strict=True):
        (tmp_path / name).write_text(f"{key}\n")
    return {"user": USER[0], "auth_file": str(tmp_path / "auth"), "privacy_file": str(tmp_path / "privacy")}


async def test_a_v3_user_reads_with_sha2_and_aes_and_its_keys_stay_out_of_the_log(
    start_mfp, listening, ricoh, v3, caplog
) -> None:
    caplog.set_level(logging.DEBUG, logger="shigotoba_edge")
    mfp, port = await start_mfp(ricoh, user=USER)
    mfp.versions = {3}
    watched = listening(**table(port, v3=v3))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
    assert says(watched.sightings[0]) == RICOH_SAYS
    assert "kagi" not in caplog.text + repr(watched.driver.__dict__)


async def test_a_v3_user_with_a_wrong_key_is_refused_and_no_community_is_tried(
    start_mfp, listening, ricoh, v3, tmp_path: Path
) -> None:
    (tmp_path / "auth").write_text("something else\n")
    _, port = await start_mfp(ricoh, user=USER)
    watched = listening(**table(port, v3=v3))
    async with watched.running():
        await watched.until(lambda: watched.dropped.get("refused", 0) >= 1)
    assert watched.sightings == []


async def test_with_a_community_as_well_a_printer_without_v3_is_read(
    start_mfp, listening, ricoh, v3, tmp_path: Path
) -> None:
    (tmp_path / "community").write_text("public\n")
    mfp, port = await start_mfp(ricoh)
    mfp.versions = {0}
    watched = listening(**table(port, v3=v3, community_file=str(tmp_path / "community")))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
    assert says(watched.sightings[0]) == RICOH_SAYS


async def test_a_v3_printer_is_read_again_after_its_board_was_replaced(start_mfp, listening, ricoh, v3) -> None:
    mfp, port = await start_mfp(ricoh, user=USER)
    watched = listening(**table(port, v3=v3))
    async with watched.running():
        await watched.until(lambda: bool(watched.sightings))
        mfp.asleep = True
        await watched.until(lambda: bool(watched.dropped))
        mfp.stop()
        heard = len(watched.sightings)
        # A new engine: another engine id, its clock and boots from the beginning.
        await start_mfp(ricoh, port=port, user=USER)
        await watched.until(lambda: len(watched.sightings) > heard)
    assert says(watched.sightings[-1]) == RICOH_SAYS


def test_a_short_pass_phrase_is_refused_without_being_shown(listening, v3, tmp_path: Path) -> None:
    (tmp_path / "privacy").write_text("kagi\n")
    with pytest.raises(SettingsError, match="4 characters") as refused:
        listening(**table(161, v3=v3))
    assert "kagi" not in str(refused.value)


async def test_the_wrong_community_is_silence(start_mfp, listening, ricoh) -> None:
    _, port = await start_mfp(ricoh, community="other")
    watched = listening(**table(port))
    async with watched.running():
        await watched.until(lambda: watched.dropped.get("no_answer", 0) >= 1)
