"""Numbers as people write them."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.imports.numerals import Figure, read_figure
from shigotoba_backend.texts import texts_in

FULL_WIDTH = str.maketrans("0123456789,.-%+", "０１２３４５６７８９，．－％＋")


@pytest.mark.parametrize(
    ("written", "value", "unit", "estimate", "bound"),
    [
        ("１２３４００", "123400", "", False, "exact"),
        ("約12万3,400枚", "123400", "枚", True, "exact"),
        ("約２億枚", "200000000", "枚", True, "exact"),
        ("5,695万", "56950000", "", False, "exact"),
        ("1.5億", "150000000", "", False, "exact"),
        ("年間", None, "", False, ""),
        ("約１０万９千時間", "109000", "時間", True, "exact"),
        ("3,830,838千円", "3830838000", "円", False, "exact"),
        ("12百万円", "12000000", "円", False, "exact"),
        ("▲60％", "-60", "%", False, "exact"),
        ("△ 8,808人", "-8808", "人", False, "exact"),
        ("▲２１.３％", "-21.3", "%", False, "exact"),
        ("−5", "-5", "", False, "exact"),
        ("－５", "-5", "", False, "exact"),
        ("+26ポイント", "26", "ポイント", False, "exact"),
        ("200件以上", "200", "件", False, "at_least"),
        ("４割以上", "40", "%", False, "at_least"),
        ("10％未満", "10", "%", False, "at_most"),
        ("1,300時間程度", "1300", "時間", True, "exact"),
        ("推計 40.98", "40.98", "", True, "exact"),
        ("30ページ", "30", "ページ", False, "exact"),
        ("0", "0", "", False, "exact"),
    ],
)
def test_what_people_write_is_read_as_meant(
    written: str, value: str | None, unit: str, estimate: bool, bound: str
) -> None:
    if value is None:
        with pytest.raises(ComplaintError):
            read_figure(written)
    else:
        assert read_figure(written) == Figure(Decimal(value), unit, estimate, bound)


@pytest.mark.parametrize(
    ("written", "help_given"),
    [
        ("-", "Write 0 for zero and leave the cell blank"),
        ("…", "Write 0 for zero"),
        ("※６６５", "footnote mark"),
        ("665*", "footnote mark"),
        ("12,34", "Write 1234 if that is what is meant"),
        ("12万34,000", "each part must be smaller"),
        ("3千2万", "each part must be smaller"),
        ("1.5億300万", "Write 1.5億 or 1億5,000万"),
        ("十二万", "kanji numerals"),
        ("①", "is not a number"),
        ("㊤", "is not a number"),
        ("12 345", "is not a number"),
        ("1.2.3", "is not a number"),
        ("nan", "is not a number"),
        ("1e5", "is not a number"),
        ("二", "kanji numerals"),
        ("9" * 61, "more than 60 characters"),
    ],
)
def test_what_has_two_readings_is_refused_with_help(written: str, help_given: str) -> None:
    with pytest.raises(ComplaintError, match=help_given) as caught:
        read_figure(written)
    assert "{" not in str(caught.value)


def test_a_complaint_can_be_said_in_another_language() -> None:
    with pytest.raises(ComplaintError) as caught:
        read_figure("あ")
    assert caught.value.said(texts_in("ja")).startswith("「あ」は数として読めません。")


@given(st.integers(-(10**15), 10**15), st.booleans(), st.booleans())
def test_every_spelling_of_a_whole_number_is_the_same_number(number: int, wide: bool, grouped: bool) -> None:
    written = f"{abs(number):,}" if grouped else str(abs(number))
    written = ("▲" if number < 0 else "") + (written.translate(FULL_WIDTH) if wide else written)
    assert read_figure(written).value == number


@given(st.integers(1, 9999), st.integers(1, 9999), st.integers(0, 9999))
def test_oku_and_man_add_up(oku: int, man: int, rest: int) -> None:
    assert read_figure(f"{oku}億{man:,}万{rest}").value == oku * 10**8 + man * 10**4 + rest


@given(st.text(alphabet="0123456789０９,，.▲△-－万億千百約%％枚以上 元x", max_size=59))
def test_any_text_is_a_figure_or_a_complaint(text: str) -> None:
    with contextlib.suppress(ComplaintError):
        assert read_figure(text).value.is_finite()


def test_a_long_run_of_digits_before_nonsense_is_refused_at_once() -> None:
    with pytest.raises(ComplaintError):
        read_figure("1" * 55 + "!2")
