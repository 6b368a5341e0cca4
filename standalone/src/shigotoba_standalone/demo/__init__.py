"""The demo: the whole product on this machine, with a simulated building, in one directory."""

from __future__ import annotations
