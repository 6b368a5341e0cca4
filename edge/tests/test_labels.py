"""What labels say, and files that get a line more."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_edge.bluetooth.keys import read_keys
from shigotoba_edge.drivers.enocean.listing import read_listing
from shigotoba_edge.field.labels import EnoceanLabel, LabelError, SealedLabel, read_label
from shigotoba_edge.field.tables import with_line, write_table
from shigotoba_wire.errors import SettingsError

ADDRESS = "54:48:E6:8F:80:A5"
KEY = "231D39C1D7CC1AB1AEE224CD096DB932"


@pytest.mark.parametrize(
    "text",
    [
        f"{ADDRESS} {KEY}",
        f"MAC: {ADDRESS.lower()} bindkey: {KEY.lower()}",
        f"{KEY};{ADDRESS.replace(':', '')}",
        f'{{"mac":"{ADDRESS.replace(":", "-")}","key":"{KEY}"}}',
        f"ＭＡＣ：５４４８Ｅ６８Ｆ８０Ａ５　{KEY}",
    ],
)
def test_a_sensors_label_is_read_with_whatever_is_around_it(text: str) -> None:
    assert read_label(text) == SealedLabel(ADDRESS, KEY)


def test_a_label_in_two_codes_is_put_together() -> None:
    first, second = read_label(f"S/N 12345 {KEY}"), read_label("5448E68F80A5")
    assert isinstance(first, SealedLabel)
    assert isinstance(second, SealedLabel)
    assert first.with_rest(second) == second.with_rest(first) == SealedLabel(ADDRESS, KEY)


def test_an_enocean_label_gives_the_part_of_the_identity_that_data_telegrams_carry() -> None:
    assert read_label("30S00000502E95F+1P000B00000050+10Z00+11ZFFFFFFFE") == EnoceanLabel("0502e95f", "000b00000050")
    assert read_label("30S0502E95F") == EnoceanLabel("0502e95f")


@pytest.mark.parametrize(
    "text", ["", "hello", f"{ADDRESS} 54:48:E6:8F:80:A6", f"{KEY}00", "30S0502E95", f"{ADDRESS}:00", f"00:{ADDRESS}"]
)
def test_what_is_no_label_of_one_device_is_refused(text: str) -> None:
    with pytest.raises(LabelError):
        read_label(text)


@given(st.text(alphabet="0123456789ABCDEFabcdef:-+SPZ30 ", max_size=80))
def test_any_text_is_a_label_or_refused_and_a_refusal_holds_no_key(text: str) -> None:
    try:
        shown = repr(read_label(text + KEY))
    except LabelError as error:
        shown = str(error)
    assert KEY not in shown


def test_a_line_is_added_or_changed_and_the_rest_stays_as_it_was() -> None:
    text = f'# ours\n[bindkeys]  # of 3f\n"{ADDRESS.lower()}" = "00"  # old\n\n[restarts]\n"{ADDRESS}" = 1\n'
    changed = with_line(text, "bindkeys", ADDRESS, '"11"')
    assert changed == text.replace(f'"{ADDRESS.lower()}" = "00"  # old', f'"{ADDRESS}" = "11"')
    added = with_line(changed, "bindkeys", "AA:AA:AA:AA:AA:AA", '"22"')
    assert added.splitlines()[2] == '"AA:AA:AA:AA:AA:AA" = "22"'
    assert with_line("", "devices", "0029219a", '"A5-07-01"') == '[devices]\n"0029219a" = "A5-07-01"\n'


def test_a_new_file_is_private_and_an_old_one_keeps_who_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    write_table(path, f'[bindkeys]\n"{ADDRESS}" = "{KEY}"\n', read_keys)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    write_table(path, with_line(path.read_text(), "restarts", ADDRESS, "2"), read_keys)
    assert path.stat().st_mode & 0o777 == 0o640
    assert read_keys(path).restarts == {ADDRESS: 2}


def test_a_line_that_the_driver_would_refuse_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "devices.toml"
    write_table(path, '[devices]\n"0029219a" = "A5-07-01"\n', read_listing)
    before = path.read_bytes()
    with pytest.raises(SettingsError, match="A5-99-99"):
        write_table(path, with_line(path.read_text(), "devices", "0029219a", '"A5-99-99"'), read_listing)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["devices.toml"]
