"""Threads in which questions wait for the database, so that the event loop never does.

Twenty who wait for slow pages must not keep anybody from the beats by which open pages stay alive, nor from being
recognised: both have threads of their own, as they have connections of their own (see ``app``). asyncio's own threads
are the number of cores and four, for everything together. Responsible for how many there are. Refuses to know what
waits in them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Final, ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")

#: Twice the viewers there are meant to be: each may have left a slow page for another.
_PAGES: Final = ThreadPoolExecutor(40, "page")
_BEATS: Final = ThreadPoolExecutor(20, "beat")


async def for_page(work: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
    """What ``work`` gives, done in a thread for pages and changes."""
    return await _within(_PAGES, work, *given, **named)


async def for_beat(work: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
    """The same in a thread for what open pages ask by themselves, and for who they are."""
    return await _within(_BEATS, work, *given, **named)


async def _within(
    threads: ThreadPoolExecutor, work: Callable[Given, Found], *given: Given.args, **named: Given.kwargs
) -> Found:
    context = copy_context()
    return await asyncio.get_running_loop().run_in_executor(threads, lambda: context.run(work, *given, **named))
