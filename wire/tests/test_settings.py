from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest

from shigotoba_wire.errors import SettingsError
from shigotoba_wire.settings import Broker, read_secret, read_settings
from shigotoba_wire.statements import load_statements


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    broker: Broker
    folder: Path | None = None
    allowed: dict[Annotated[str, msgspec.Meta(pattern="^[a-z ]+$")], Literal["on", "off"]] = {}


GOOD = 'name = "x"\nfolder = "/a/b"\n[broker]\nhost = "h"\nport = 1883\npassword_file = "/p"\n'


def test_settings_are_read_with_defaults_and_paths(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text(GOOD)
    assert read_settings(file, Example) == Example("x", Broker("h", 1883, password_file=Path("/p")), Path("/a/b"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("1883", '"1883"'), ", line 5, broker.port: Expected `int`, got `str`."),
        (
            GOOD + "surprise = 1\n",
            ", line 7, broker.surprise: Object contains unknown field `surprise`; there are host, ",
        ),
        (GOOD + 'key_file = "k"\n', ", line 3, broker: cert_file and key_file belong together."),
        ('[broker]\nhost = "h"\nport = 1\n', ", line 1, name: Object missing required field `name`."),
        (
            GOOD + '[allowed]\na = "on"\n"b c" = "of"\n',
            ", line 9, allowed.\"b c\": Invalid enum value 'of'; there are off, on.",
        ),
        (GOOD + '[allowed]\na = "on"\nB = "on"\n', ", line 9, allowed.B: Expected `str` matching regex"),
        ("broker = 1\n", ", line 1, broker: Expected `object`, got `int`."),
        ("name = ", "not valid TOML"),
        ("name = '\x00'", "not valid TOML"),
    ],
)
def test_an_error_names_file_line_and_key(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "s.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=r"s\.toml") as caught:
        read_settings(file, Example)
    assert says in str(caught.value)


def test_a_missing_file_and_a_folder_are_errors_in_words(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        read_settings(tmp_path / "none.toml", Example)
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(tmp_path, Example)


def test_a_secret_is_its_files_first_line_and_never_in_an_error(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("hunter2\nsecond line\n")
    assert read_secret(file) == "hunter2"
    file.write_text("\nhunter2\n")
    with pytest.raises(SettingsError, match="empty") as caught:
        read_secret(file)
    assert "hunter2" not in str(caught.value)


def test_statements_are_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "sqlpackage"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "good.sql").write_text("-- about\n-- name: one\nSELECT 1\n\n-- name: two\n-- why\nSELECT 2\n")
    (package / "twice.sql").write_text("-- name: one\nSELECT 1\n-- name: one\nSELECT 2\n")
    (package / "stray.sql").write_text("SELECT 0\n-- name: one\nSELECT 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert load_statements("sqlpackage", "good.sql") == {"one": "SELECT 1", "two": "-- why\nSELECT 2"}
    for wrong in ("twice.sql", "stray.sql"):
        with pytest.raises(ValueError, match=wrong):
            load_statements("sqlpackage", wrong)
