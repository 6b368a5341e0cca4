"""Which source of telemetry feeds which indicator.

Responsible for that table; what the indicators mean stands beside it in ``telemetry.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shigotoba_backend.indicators.telemetry import answers, bookings, peaks, printing, use
from shigotoba_backend.indicators.telemetry.inquiry import Series

SERIES: Final[Mapping[str, Series]] = {
    "impressions": printing.printing(printing.impressions),
    "copies": printing.printing(printing.copies),
    "sheets": printing.printing(printing.sheets),
    "a4_equivalents": printing.printing(printing.a4_equivalents),
    "impressions_per_person": printing.per_person(printing.impressions),
    "sheets_per_person": printing.per_person(printing.sheets),
    "colour_share": printing.printing(printing.colour_share),
    "duplex_share": printing.printing(printing.duplex_share),
    "fax_pages": printing.printing(printing.fax_pages),
    "seat_utilisation": use.utilisation(use.SEATS),
    "seat_dwell": use.dwell(use.SEATS),
    "seat_turnover": use.turnover(use.SEATS),
    "seat_ratio": use.seats_and_staff,
    "presence_rate": use.presence_rate,
    "seat_peak": peaks.extreme(peaks.peak),
    "seat_peak_rate": peaks.extreme(peaks.peak),
    "seat_p95": peaks.extreme(peaks.percentile),
    "seat_min_surplus": peaks.extreme(peaks.least_free),
    "seat_band_share": peaks.extreme(peaks.at_target),
    "seat_active_days": use.active_days(use.SEATS, use.ACTIVE_SEAT_S),
    "booth_utilisation": use.utilisation(use.BOOTHS),
    "booth_booked_rate": bookings.booths(bookings.booked_rate),
    "booth_booked_use": bookings.seen_in_booths(bookings.booked_use),
    "booth_walk_in_share": bookings.seen_in_booths(bookings.walk_in_share),
    "booth_no_show_rate": bookings.outcomes,
    "booth_late_cancel_rate": bookings.booths(bookings.late_cancellations),
    "booth_recovered_hours": bookings.booths(bookings.recovered_hours),
    "booth_uses": bookings.seen_in_booths(bookings.uses),
    "booth_dwell": use.dwell(use.BOOTHS),
    "booth_unmet_demand": bookings.unmet_demand,
    "booth_active_days": use.active_days(use.BOOTHS, use.ACTIVE_BOOTH_S),
    "booth_reuse_rate": bookings.booths(bookings.reuse_rate),
    "booth_satisfaction": answers.content("booth", answers.A_MONTH),
    "survey_satisfied": answers.content("satisfied", answers.A_YEAR),
    "survey_environment": answers.content("environment", answers.A_YEAR),
    "survey_communication": answers.content("communication", answers.A_YEAR),
}
