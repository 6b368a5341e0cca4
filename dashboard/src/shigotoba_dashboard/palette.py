"""Colours and type: the Digital Agency's design tokens that this product uses, by the agency's own names.

Responsible for the values that Python needs (figures, the component theme); ``assets/look.css`` holds the same tokens
for the page. Refuses meanings: which colour stands for what is decided where it is drawn.

Source: design tokens 1.1.9 (primitive and semantic colours); chart colours: dashboard guidebook, blue palette.
"""

from __future__ import annotations

from typing import Final

WHITE: Final = "#ffffff"
GRAY_50: Final = "#f2f2f2"
GRAY_200: Final = "#cccccc"
GRAY_420: Final = "#949494"
GRAY_600: Final = "#666666"
GRAY_800: Final = "#333333"
GRAY_900: Final = "#1a1a1a"

BLUE_500: Final = "#4979f5"
BLUE_900: Final = "#0017c1"

#: One hue, dark to light: told apart in grey as well.
CHART_BLUES: Final = ("#0017c1", "#3460fb", "#7096f8", "#c5d7fb", "#e8f1fe")
CHART_ACCENT: Final = "#fe3939"
ERROR_2: Final = "#ce0000"

#: Installed fonts only; nothing is fetched. BIZ UDPGothic comes with Windows.
FONTS: Final = (
    '"Noto Sans JP", "Noto Sans CJK JP", "BIZ UDPGothic", "Hiragino Sans", "Yu Gothic UI", Meiryo, sans-serif'
)

#: Nothing on a screen is smaller.
SMALLEST_PX: Final = 14
