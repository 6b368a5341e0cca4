"""``shigotoba-gateway status``: how this gateway stands, in plain words.

Reads what the running gateway wrote; a gateway that writes nothing is reported as one that does not run.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shigotoba_gateway.commands.console import complain, say
from shigotoba_gateway.commands.places import RUN, add_settings
from shigotoba_gateway.settings import GatewaySettings
from shigotoba_gateway.status.board import boot_s
from shigotoba_gateway.status.report import read_report
from shigotoba_gateway.status.words import LANGUAGES, Sheet, sheet, words_in
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.settings import read_settings
from shigotoba_wire.spoken import Parser, language


def main(arguments: Sequence[str]) -> int:
    """Print the status; 0 if all is well, 1 if something needs doing, 2 if the settings cannot be read."""
    parser = Parser(prog="shigotoba-gateway status", description="How this gateway stands.")
    add_settings(parser)
    parser.add_argument("--language", choices=LANGUAGES, default=language(), help="ja or en (the terminal's)")
    options = parser.parse_args(arguments)
    if not options.settings.exists() and options.settings.parent.exists():
        say(words_in(options.language).label("unclaimed", settings=options.settings))
        return 1
    try:
        file = _file(options.settings)
    except SettingsError as error:
        complain(error)
        return 2
    shown = sheet(read_report(file), str(file), boot_s(), options.language)
    say(as_text(shown, options.language))
    return 0 if shown.well else 1


def _file(settings: Path) -> Path:
    status = read_settings(settings, GatewaySettings).status
    return status.file if status is not None else RUN / "status.json"


def as_text(shown: Sheet, chosen: str) -> str:
    """The sheet as lines of a terminal."""
    do = words_in(chosen).label("do")
    lines = [shown.title, "", shown.verdict]
    for number, remark in enumerate(shown.remarks, 1):
        lines += [f"{number}. {remark.says}", f"   {do}: {remark.do}"]
    lines += ["", *(f"{line.label}{'  ' if line.label else '    '}{line.value}" for line in shown.lines)]
    return "\n".join(lines)
