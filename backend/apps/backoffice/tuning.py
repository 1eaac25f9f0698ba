"""The figures staff may change: their names, units and bounds."""

from dataclasses import dataclass

from django.conf import settings

from apps.backoffice.models import SiteSetting


@dataclass(frozen=True, slots=True)
class Figure:
    """A setting of the house: a whole number in the unit its name ends with."""

    setting: str  # in django.conf.settings, where its default is
    least: int
    most: int
    meaning: str


FIGURES = {
    "payment_due_hours": Figure(
        "PAYMENT_DUE_HOURS", 1, 720, "How long a winner has to pay; of auctions sold from now on"
    ),
    "second_chance_hours": Figure(
        "SECOND_CHANCE_HOURS", 1, 720, "How long an underbidder has to take an unpaid auction"
    ),
    "escrow_release_days": Figure(
        "ESCROW_RELEASE_DAYS", 1, 120, "After how long held money goes to the seller by itself"
    ),
    "report_due_hours": Figure(
        "REPORT_DUE_HOURS", 1, 720, "How long staff may take over a report or an appeal"
    ),
    "soft_close_window_seconds": Figure(
        "SOFT_CLOSE_WINDOW_SECONDS", 0, 3600, "Before the end: a bid here moves it; 0 never"
    ),
    "soft_close_extension_seconds": Figure(
        "SOFT_CLOSE_EXTENSION_SECONDS", 0, 3600, "How long an auction goes on after such a bid"
    ),
}


def present_figures() -> dict[str, int]:
    """Return every figure as it holds now, by its outer name; one query."""
    stored = dict(SiteSetting.objects.values_list("name", "value"))
    return {
        name: stored.get(figure.setting, getattr(settings, figure.setting))
        for name, figure in FIGURES.items()
    }
