"""The figures of the house, as staff set them. The act and its audit row commit together."""

from collections.abc import Mapping

from django.db import transaction

from apps.backoffice import audit
from apps.backoffice.models import SiteSetting
from apps.backoffice.tuning import FIGURES, present_figures
from apps.core import clock


def change_settings(values: Mapping[str, int], *, actor_id: int) -> dict[str, int]:
    """Set figures by their outer names, already validated; returns all as they hold now.

    What is asked for from now on is decided by them. What is so already leaves no row.
    """
    with transaction.atomic():
        list(SiteSetting.objects.select_for_update().order_by("pk"))
        was, now = present_figures(), clock.now()
        changed = {name: value for name, value in values.items() if was[name] != value}
        SiteSetting.objects.bulk_create(
            (
                SiteSetting(name=FIGURES[name].setting, value=value, changed_at=now)
                for name, value in changed.items()
            ),
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["value", "changed_at"],
        )
        if changed:
            audit.record(
                audit.Act.SETTINGS_CHANGE,
                actor_id=actor_id,
                target_id=None,
                before={name: was[name] for name in changed},
                after=changed,
                at=now,
            )
    return present_figures()
