"""Gives the device's programs a clock that can be set: Python imports this module first, where it is on the path.

A clock of its own for one process takes privileges that a test has not. So what ``time.time_ns`` says is moved by the
seconds in a file; everything else of the process is as it is. Programs that do not run on the device are left alone.

Responsible for the clock of a process. Refuses to choose the time (see ``acts``).
"""

import os
import struct
import sys
import time
from mmap import ACCESS_READ, mmap

DEVICE = ("shigotoba_edge", "shigotoba_gateway")

if set(DEVICE) & set(sys.orig_argv):
    _true_ns = time.time_ns
    _file = os.open(os.environ["SHIGOTOBA_FAULTS_CLOCK"], os.O_RDONLY)
    _moved = mmap(_file, 8, access=ACCESS_READ)
    os.close(_file)

    def _set_ns() -> int:
        (seconds,) = struct.unpack("d", _moved[:8])
        return _true_ns() + round(seconds * 1e9)

    time.time_ns = _set_ns
