"""What disturbs a serial line: junk between packets, and packets with wrong bits.

Responsible for bytes, drawn from a generator that the caller names, so that a disturbed run replays exactly.
"""

from __future__ import annotations

from shigotoba_sim.chance import Chance


def junk(chance: Chance, most: int) -> bytes:
    """Between one and ``most`` bytes of anything, sync bytes among them."""
    return chance.randbytes(chance.randint(1, most))


def garbled(chance: Chance, data: bytes) -> bytes:
    """``data`` with one to three of its bits turned over, so never as it was (but for no data at all)."""
    spoilt = bytearray(data)
    for bit in chance.sample(range(8 * len(data)), min(chance.randint(1, 3), 8 * len(data))):
        spoilt[bit // 8] ^= 1 << bit % 8
    return bytes(spoilt)
