"""Bounded fuzz of every decoder of the edge: nothing but the documented error, ``FrameError``, may come out.

    python bench/fuzz_edge.py --frames 200000 [--seed 1] [--keep]

Half of the frames are random bytes, half are recorded frames with some bytes changed, cut or added. The work is split
evenly over the decoders (``ground.edge_decoders``). Prints frames a second and what was refused, by reason; with
``--keep`` these go into ``results/fuzz_edge.json``. Exit status 1 as soon as something else was raised, with the
decoder, the seed and the bytes.

Responsible for throwing bytes. Refuses to know decoders.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from random import Random

import msgspec
from ground.edge_decoders import Decoder, decoders
from ground.report import keep

from shigotoba_edge.frames import FrameError

LONGEST = 64


class Held(msgspec.Struct, frozen=True):
    """What a decoder made of its frames.

    Attributes:
        frames: How many it was given.
        seconds: How long that took.
        understood: How many it did not refuse.
        refused: The others, by reason.
    """

    frames: int
    seconds: float
    understood: int
    refused: dict[str, int]


def mutated(seed: bytes, rng: Random) -> bytes:
    """A frame with bytes changed, cut off or added."""
    frame = bytearray(seed)
    for _ in range(rng.randrange(1, 4)):
        match rng.randrange(4):
            case 0 if frame:
                del frame[rng.randrange(len(frame)) :]
            case 1:
                frame[rng.randrange(len(frame) + 1) :] += rng.randbytes(rng.randrange(8))
            case _ if frame:
                frame[rng.randrange(len(frame))] = rng.randrange(256)
            case _:
                frame += rng.randbytes(4)
    return bytes(frame)


def frames(seeds: list[bytes], count: int, rng: Random) -> Iterator[bytes]:
    """Half random, half changed."""
    for _ in range(count):
        if rng.random() < 0.5:
            yield rng.randbytes(rng.randrange(LONGEST))
        else:
            yield mutated(rng.choice(seeds), rng)


def fuzz(name: str, seeds: list[bytes], decode: Decoder, count: int, seed: int) -> Held | None:
    """Throw ``count`` frames at a decoder; None if it did not hold."""
    rng, refused = Random(f"{seed}/{name}"), Counter[str]()
    began_s = time.perf_counter()
    for number, frame in enumerate(frames(seeds, count, rng)):
        try:
            decode(frame, rng)
        except FrameError as error:
            refused[error.reason if not error.reason.startswith("packet_type") else "packet_type_NN"] += 1
        except Exception as error:
            print(f"{name}: seed {seed}, frame {number}: {frame.hex()} raised {error!r}")
            return None
    took_s = time.perf_counter() - began_s
    reasons = ", ".join(f"{reason} {times}" for reason, times in refused.most_common())
    print(f"{name}: {count} frames, {count / took_s:,.0f}/s, understood {count - refused.total()}; refused: {reasons}")
    return Held(count, round(took_s, 1), count - refused.total(), dict(refused.most_common()))


def main() -> int:
    """Fuzz all; the exit status."""
    parser = argparse.ArgumentParser(description="Throws bytes at every decoder of the edge.")
    parser.add_argument("--frames", type=int, default=200_000, help="in all, split over the decoders")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="write down how it went")
    chosen = parser.parse_args()
    every = decoders()
    share = -(-chosen.frames // len(every))
    held: dict[str, Held] = {}
    for name, each in every.items():
        result = fuzz(name, *each, share, chosen.seed)
        if result is None:
            return 1
        held[name] = result
    if chosen.keep:
        whole = {"seed": chosen.seed, "frames": share * len(every), "raised": 0}
        print(f"kept in {keep('fuzz_edge', whole | {'decoders': msgspec.to_builtins(held)})}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
