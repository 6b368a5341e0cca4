"""The error of this member: something a person has to know, in one line, with what to do about it."""

from __future__ import annotations


class StandaloneError(Exception):
    """Cannot go on. The message is one clear line; the console prints it and ends with status 2."""
