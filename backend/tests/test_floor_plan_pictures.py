"""What strangers put into pictures of floors, and what is left of it."""

from __future__ import annotations

import base64
import struct
import zlib
from contextlib import suppress
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.floorplans.pictures import read_picture
from shigotoba_backend.floorplans.svg import clean_svg

HEAD = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 200 100"'
PIXEL = base64.b64encode(b"\x89PNG").decode()

HOSTILE = [
    "<script>steal()</script>",
    "<g><script xlink:href='https://evil.example/x.js'/></g>",
    "<rect onclick='steal()' onload='steal()' width='1' height='1'/>",
    "<a xlink:href='javascript:steal()'><rect width='1' height='1'/></a>",
    "<image xlink:href='https://evil.example/pixel.png'/>",
    "<image href='//evil.example/pixel.png'/>",
    "<image xlink:href='data:image/svg+xml;base64,PHN2Zz4='/>",
    "<image xlink:href='data:text/html,steal()'/>",
    "<use xlink:href='https://evil.example/a.svg#x'/>",
    "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><iframe src='https://evil.example'/></body></foreignObject>",
    "<style>@import url(https://evil.example/x.css);</style>",
    "<style>rect { fill: url( 'https://evil.example/x.svg#a' ) }</style>",
    "<style>rect { fill: u\\72l(https://evil.example/) }</style>",
    "<style><![CDATA[ rect { background: url(https://evil.example) } ]]></style>",
    "<rect style='fill: url(https://evil.example/x#a)' width='1' height='1'/>",
    "<rect fill='url(//evil.example/x#a)' width='1' height='1'/>",
    "<rect style='behavior: url(#x)' width='1' height='1'/>",
    "<animate attributeName='href' values='javascript:steal()'/>",
    "<set attributeName='onclick' to='steal()'/>",
    "<h:script xmlns:h='http://www.w3.org/1999/xhtml'>steal()</h:script>",
    "<x:script xmlns:x='http://www.w3.org/2000/svg'>steal()</x:script>",
    "<handler xmlns:ev='http://www.w3.org/2001/xml-events' ev:event='load'>steal()</handler>",
    "<?xml-stylesheet href='https://evil.example/x.css'?><!-- steal() -->",
    "<metadata>steal()</metadata>",
    "<feImage href='https://evil.example/a.png'/>",
]


@pytest.mark.parametrize("inside", HOSTILE)
def test_nothing_that_runs_or_asks_elsewhere_is_left_of_an_svg(inside: str):
    left = clean_svg(f"<svg {HEAD}>{inside}<path id='wall' d='M0 0h9'/></svg>".encode()).data.decode()
    assert not any(trace in left for trace in ("evil", "steal", "script", "onclick", "data:", "import"))
    assert "M0 0h9" in left


@pytest.mark.parametrize(
    "whole",
    [
        '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>',
        '<!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg/>',
        "<svg",
        "<html><svg/></html>",
        f"<svg {HEAD.replace('viewBox', 'data-box')}/>",
        f"<svg {HEAD}>" + "<g>" * 200 + "</g>" * 200 + "</svg>",
        "",
    ],
)
def test_what_is_no_plain_svg_is_refused_in_words(whole: str):
    with pytest.raises(ProblemError) as refused:
        clean_svg(whole.encode())
    assert refused.value.code == "svg_refused"
    assert refused.value.facts["why"]


def test_what_draws_the_floor_is_kept():
    drawn = (
        "<style>.wall { stroke: #333; fill: url(#hatch) }</style><defs><pattern id='hatch' width='4' height='4'>"
        "<path d='M0 0l4 4'/></pattern><g id='desk'><rect width='9' height='5'/></g></defs>"
        f"<use xlink:href='#desk' x='3'/><image href='data:image/png;base64,{PIXEL}' width='2' height='2'/>"
        "<text x='1' y='2' class='wall'>会議室 &lt;大&gt; &amp; 小</text>"
    )
    clean = clean_svg(f"<svg {HEAD}>{drawn}</svg>".encode())
    assert (clean.width, clean.height) == (200.0, 100.0)
    root = ElementTree.fromstring(clean.data)
    names = [each.tag.rpartition("}")[2] for each in root.iter()]
    assert {"style", "pattern", "use", "image", "text", "rect"} <= set(names)
    assert "会議室 <大> & 小" in "".join(root.itertext())


def test_things_used_do_not_use_others_so_nothing_can_explode():
    levels = "".join(f"<g id='l{n + 1}'>" + f"<use xlink:href='#l{n}'/>" * 9 + "</g>" for n in range(11))
    left = clean_svg(f"<svg {HEAD}>{levels}<use xlink:href='#l11'/></svg>".encode()).data.decode()
    assert left.count("<use") == 1


@given(st.binary(max_size=300))
def test_any_bytes_are_a_picture_or_a_refusal(data: bytes):
    for start in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"<svg "):
        with suppress(ProblemError):
            assert read_picture(start + data).width > 0


def png(*more: tuple[bytes, bytes]) -> bytes:
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 40, 20, 8, 0, 0, 0, 0)), *more, (b"IDAT", zlib.compress(b"\0" * 820))]
    packed = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in [*chunks, (b"IEND", b"")]
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def test_what_a_png_tells_besides_its_picture_stays_behind():
    picture = read_picture(png((b"tEXt", b"Author\0Sato"), (b"eXIf", b"GPS")) + b"<script>steal()</script>")
    assert (picture.media_type, picture.width, picture.height) == ("image/png", 40.0, 20.0)
    assert picture.data == png()


def test_what_a_jpeg_tells_besides_its_picture_stays_behind():
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 20, 40) + b"\x01\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\x34" + b"\xff\xd9"
    exif = b"\xff\xe1\x00\x0aExif\0GPS"
    picture = read_picture(b"\xff\xd8" + exif + frame + scan + b"PK\x03\x04")
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 40.0, 20.0)
    assert picture.data == b"\xff\xd8" + frame + scan


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"GIF89a", "picture_unknown"),
        (png()[:60], "picture_damaged"),
        (b"\xff\xd8\xff\xe0\x00\x04ab", "picture_damaged"),
        (png() + b"\0" * 9_000_000, "picture_too_large"),
    ],
)
def test_what_cannot_be_taken_is_refused(data: bytes, code: str):
    with pytest.raises(ProblemError) as refused:
        read_picture(data)
    assert refused.value.code == code
