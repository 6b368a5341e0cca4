"""The tour of the demo: the whole product is started, its pages are photographed, and docs/tour.md is written.

PYTHONPATH=tests/support .venv/bin/python scripts/tour.py          everything, in some minutes
PYTHONPATH=tests/support .venv/bin/python scripts/tour.py text     the page alone, from the pictures that are there

Which pages the dashboard has is asked of the dashboard; what is said of them is in tour.toml. Responsible for the
pictures of docs/images/tour and for docs/tour.md. Refuses to invent data: what they show is what the demo does.
"""

from __future__ import annotations

import io
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from shigotoba_backend.accounts.demo import PEOPLE, DemoPerson
from shigotoba_backend.accounts.roles import ALLOWED, Action
from shigotoba_dashboard.pages import PAGES
from shigotoba_dashboard.words import Language, words_in
from shigotoba_testing.desk import drawn
from shigotoba_testing.product import Demo
from shigotoba_testing.waiting import until

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
PICTURES: Final = DOCS / "images" / "tour"
TEXTS: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

LANGUAGES: Final[Mapping[Language, str]] = {"ja": "ja-JP", "en": "en-GB"}
CHROMIUM: Final = "/usr/bin/chromium"
QUIET: Final = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--hide-scrollbars")
DESK: Final = {"width": 1280, "height": 860}
HAND: Final = {"width": 360, "height": 740}
MOST_BYTES: Final = 100_000
PATIENCE_MS: Final = 120_000
HISTORY_DAYS: Final = 62
HISTORY_WITHIN_S: Final = 3_600.0
#: The log of a demo begins today, which the last four weeks leave out.
_THIS_MONTH: Final = {"period": f"{datetime.now(ZoneInfo('Asia/Tokyo')):%Y-%m}"}

HEAD: Final = """\
# 見学コース / A tour

デモ（`make demo`）の画面です。データはすべて模擬のもので、実在の人や庁舎とは関係ありません。
The demo's pages (`make demo`). All data is simulated. Pictures and this page are made by `scripts/tour.py`.
"""


class Stop(NamedTuple):
    """One place of the tour.

    Attributes:
        name: Of its pictures.
        title: In both languages.
        said: In both languages; empty where tour.toml says nothing.
        path: At its server.
        needs: What whoever looks must be allowed; None on the phone, where it is a member of staff.
    """

    name: str
    title: tuple[str, str]
    said: tuple[str, str]
    path: str
    needs: Action | None

    def picture(self, language: str) -> Path:
        """Where the picture is."""
        return PICTURES / f"{self.name}.{language}.png"


def stops() -> list[Stop]:
    """The dashboard in the order of its menu, then the phone."""
    said = {each["page"]: (each["ja"], each["en"]) for each in TEXTS["dashboard"]}
    desk = [
        Stop(
            page.path or "overview",
            (words_in("ja").say(page.title), words_in("en").say(page.title)),
            said.get(path, ("", "")),
            path,
            page.needs,
        )
        for path, page in PAGES.items()
        if page.menu
    ]
    phone = ("スマートフォン", "Phone")
    return desk + [
        Stop(f"phone-{each['name']}", phone, (each["ja"], each["en"]), each["path"], None) for each in TEXTS["phone"]
    ]


def written(found: list[Stop]) -> str:
    """The page, with the pictures that are there."""
    return "\n".join([HEAD, *(line for stop in found for line in _lines(stop))])


def _lines(stop: Stop) -> Iterator[str]:
    here = stop.picture("ja").relative_to(DOCS)
    yield f"## {stop.title[0]} / {stop.title[1]}\n"
    yield from (f"{text}\n" for text in stop.said if text)
    if stop.picture("ja").exists():
        yield f"![{stop.title[0]}]({here})\n"
    if stop.picture("en").exists():
        yield f"[The same in English]({stop.picture('en').relative_to(DOCS)})\n"


def take_all(demo: Demo, found: list[Stop]) -> None:
    """A picture of every stop in each language."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for language in LANGUAGES:
            doors: dict[str, Page] = {}
            for stop in found:
                person = _who(stop.needs)
                page = doors.get(person.login) or _enter(browser, demo, person, language)
                doors[person.login] = page
                stop.picture(language).write_bytes(small(_take(page, demo, stop, language)))
                sys.stdout.write(f"{stop.picture(language)}\n")
        browser.close()


def _who(needs: Action | None) -> DemoPerson:
    """The first of the demo's people who may look; a figure is looked at by the facility staff."""
    for person in (*PEOPLE[2:], *PEOPLE[:2]) if needs else PEOPLE:
        if needs is None or needs in ALLOWED[person.role]:
            return person
    raise LookupError(f"nobody in the demo may {needs}")


def _enter(browser: Browser, demo: Demo, person: DemoPerson, language: Language) -> Page:
    size: Any = HAND if person is PEOPLE[0] else DESK
    context = browser.new_context(viewport=size, locale=LANGUAGES[language], timezone_id="Asia/Tokyo")
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{demo.status()['phone']}sign-in")
    page.locator("#login").fill(person.login)
    page.locator("#password").fill(Path(demo.status()["password_file"]).read_text(encoding="utf-8").strip())
    page.locator("button.main").click()
    page.wait_for_url("**/")
    return page


def _take(page: Page, demo: Demo, stop: Stop, language: Language) -> bytes:
    if stop.needs is None:
        page.goto(demo.status()["phone"].rstrip("/") + stop.path)
    else:
        asked = {"lang": language} | (_THIS_MONTH if stop.path == "audit" else {})
        page.goto(f"{demo.address}{stop.path}?{urlencode(asked)}")
        drawn(page)
        # A busy machine may show that it waits for the database; that is no picture of the page.
        words = words_in(language)
        expect(page.get_by_text(words.say("● Live"))).to_be_visible()
        expect(page.get_by_text(words.say("Loading…"))).to_have_count(0)
        expect(page.locator("#page p.notice")).to_have_count(0)
    return page.screenshot(animations="disabled")


def small(png: bytes) -> bytes:
    """The picture with as many colours as its size allows."""
    with Image.open(io.BytesIO(png)) as opened:
        plain = opened.convert("RGB")
    for colours in (256, 128, 64, 32, 16):
        into = io.BytesIO()
        plain.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(into, "PNG", optimize=True)
        if into.tell() <= MOST_BYTES:
            return into.getvalue()
    raise ValueError(f"a picture has more than {MOST_BYTES} bytes even with 16 colours")


def main(arguments: list[str]) -> None:
    """Runs the demo in a directory of its own, and leaves nothing behind but pictures and page."""
    found = stops()
    if arguments != ["text"]:
        with tempfile.TemporaryDirectory(prefix="shigotoba-tour-") as directory:
            home = Path(directory)
            home.chmod(0o755)
            demo = Demo(home / "demo", history_days=HISTORY_DAYS)
            try:
                demo.start()
                until(demo.history_is_stored, within_s=HISTORY_WITHIN_S, what="the history")
                until(demo.rollups_are_done, within_s=HISTORY_WITHIN_S, what="the rollups")
                take_all(demo, found)
            finally:
                demo.stop()
    (DOCS / "tour.md").write_text(written(found), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
