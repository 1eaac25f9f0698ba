"""Figures staff change while the house runs: the stored one, else the environment's.

Whoever uses one asks here at the moment of use; the app that stores them says where they are
read (apps/backoffice/apps.py), so that nothing below it has to know it.
"""

from collections.abc import Callable

from django.conf import settings

#: Name of a setting of whole numbers -> what staff have stored; None: nothing.
Reader = Callable[[str], int | None]

_reader: Reader | None = None


def read_with(reader: Reader) -> None:
    """Say where stored figures are read."""
    global _reader  # noqa: PLW0603 - one per process, set while it starts
    _reader = reader


def tunable(name: str) -> int:
    """Return a figure in the unit its name ends with; one query."""
    stored = None if _reader is None else _reader(name)
    found: int = getattr(settings, name) if stored is None else stored
    return found
