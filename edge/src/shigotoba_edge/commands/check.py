"""``check``: read the settings, say what is wrong, start nothing."""

from __future__ import annotations

from shigotoba_edge.commands import run


def main(arguments: list[str]) -> int:
    """Check the settings; the exit status."""
    return run.main([*arguments, "--check"])
