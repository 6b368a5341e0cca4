"""Pictures of floors as they come: SVG made harmless, PNG and JPEG stripped of everything but the picture.

A photograph tells where and by whom it was taken; a file may carry another behind its end. Both stay behind.
Responsible for recognising, checking and stripping. Refuses to decode pixels.

Sources: PNG, ISO/IEC 15948, sections 5 and 11; JPEG, ITU-T T.81, annex B.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from shigotoba_backend.floorplans.refusals import refuse
from shigotoba_backend.floorplans.svg import clean_svg

MediaType = Literal["image/svg+xml", "image/png", "image/jpeg"]

_MOST_MB: Final = 8
_LONGEST_SIDE: Final = 16_000
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"sRGB"})
_JPEG: Final = b"\xff\xd8"
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_KEPT: Final = frozenset(range(0xC0, 0xD0)) | {0xDA, 0xDB, 0xDD, 0xE0, 0xEE}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that can be shown to anybody.

    Attributes:
        media_type: As HTTP calls it.
        data: The file.
        width: In its own units.
        height: Likewise.
    """

    media_type: MediaType
    data: bytes
    width: float
    height: float


def read_picture(data: bytes) -> Picture:
    """The picture in a file, without anything else that is in it.

    Raises:
        ProblemError: ``picture_too_large``, ``picture_unknown``, ``picture_damaged``, ``svg_refused``.
    """
    if len(data) > _MOST_MB * 1_000_000:
        raise refuse("picture_too_large", most_mb=_MOST_MB)
    if data.startswith(_PNG):
        return _read_png(data)
    if data.startswith(_JPEG):
        return _read_jpeg(data)
    if b"<svg" in data[:4_000] or b":svg" in data[:4_000]:
        clean = clean_svg(data)
        return Picture("image/svg+xml", clean.data, clean.width, clean.height)
    raise refuse("picture_unknown")


def _read_png(data: bytes) -> Picture:
    chunks = list(_png_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND" or len(chunks[0][1]) != 13:
        raise refuse("picture_damaged", why="a PNG begins with IHDR and ends with IEND.")
    width, height = struct.unpack(">II", chunks[0][1][:8])
    kept = b"".join(_png_chunk(kind, body) for kind, body in chunks if kind in _PNG_KEPT)
    return Picture("image/png", _PNG + kept, *_checked(width, height))


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body of each chunk, up to the end."""
    place = len(_PNG)
    while place + 12 <= len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        if len(body) < length:
            raise refuse("picture_damaged", why="it ends in the middle.")
        yield kind, body
        if kind == b"IEND":
            return
        place += length + 12


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _read_jpeg(data: bytes) -> Picture:
    size: tuple[int, int] | None = None
    kept = [_JPEG]
    for marker, segment in _jpeg_segments(data):
        if marker in _JPEG_FRAMES and len(segment) >= 9:
            height, width = struct.unpack(">HH", segment[5:9])
            size = width, height
        if marker in _JPEG_KEPT:
            kept.append(segment)
    if size is None:
        raise refuse("picture_damaged", why="it says no size.")
    return Picture("image/jpeg", b"".join(kept), *_checked(*size))


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment; the last is the scans, up to the end marker."""
    place = len(_JPEG)
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xDA:
            end = data.rfind(b"\xff\xd9")
            if end < 0:
                break
            yield marker, data[place : end + 2]
            return
        (length,) = struct.unpack(">H", data[place + 2 : place + 4])
        yield marker, data[place : place + 2 + length]
        place += 2 + length
    raise refuse("picture_damaged", why="it ends in the middle.")


def _checked(width: int, height: int) -> tuple[float, float]:
    if not (0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE):
        raise refuse("picture_damaged", why=f"its sides are {width} × {height} pixels; at most {_LONGEST_SIDE:,}.")
    return float(width), float(height)
