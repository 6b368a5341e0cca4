"""``docs/errors.md``: every reason to be refused. ``python -m shigotoba_backend.api.errors_page`` writes it to stdout.

Responsible for the page. Refuses to say anything itself: sentences are where the codes are.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

from shigotoba_backend.api.reasons import REASONS
from shigotoba_backend.texts import texts_in
from shigotoba_wire.errors import MEANINGS

_TELLING: Final = (
    "shigotoba_backend.api.app",
    "shigotoba_backend.accounts.naming",
    "shigotoba_backend.arranging.refusals",
)
"""The application, and what only the dashboard uses."""

_HEAD: Final = """\
# Errors / エラー一覧

Written by `make docs` from the code.

## From the API and the web app

`application/problem+json` with `code`, `facts` (the values in braces), `alternatives` and `request_id`; the same
sentence stands on the page. A code never changes its meaning.

| code | 日本語 | English |
|---|---|---|
"""

_REFUSALS: Final = """
## From ingest and from gateways

Why a payload or a reading was not accepted: in receipts to its sender, in the quarantine (`quarantine list`), and in
the metric `shigotoba_quarantine_messages`.

| reason | meaning |
|---|---|
"""


def page() -> str:
    """The whole page; each topic's modules tell their codes when the application imports them."""
    for module in _TELLING:
        import_module(module)
    japanese = texts_in("ja").catalogue
    problems = (f"| `{code}` | {_cell(japanese[text])} | {_cell(text)} |\n" for code, text in sorted(REASONS.items()))
    refusals = (f"| `{refusal.value}` | {_cell(meaning)} |\n" for refusal, meaning in MEANINGS.items())
    return _HEAD + "".join(problems) + _REFUSALS + "".join(refusals)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.stdout.write(page())
