"""Examples of `/api/notifications/`."""

from typing import Any

from apps.notifications.kinds import Kind
from apps.notifications.settings_services import Wishes
from config.contracts.samples.base import BAD_PAGE_SIZE, NO_SUCH_PAGE, Sample, page_of, said

OUTBID: dict[str, Any] = {
    "id": 12,
    "kind": Kind.OUTBID.value,
    "title": "You were outbid 2 times on Walnut writing desk",
    "body": "The price is now 46,000.00 USD.",
    "url": "/auctions/1",
    "data": {"auction_id": 1, "seq": 9, "amount": 46000, "currency": "USD"},
    "count": 2,
    "read_at": None,
    "created_at": "2026-02-22T10:30:00Z",
}
READ = {**OUTBID, "read_at": "2026-02-22T10:41:00Z"}
SETTINGS = {"kinds": Wishes().whole(), "quiet_hours": None, "timezone": "UTC"}
CHANGED = {
    **SETTINGS,
    "kinds": Wishes({"outbid": {"email": False}}).whole(),
    "quiet_hours": {"start": "22:00", "end": "07:00"},
}
CHANGES = {
    "no mail when outbid": {"kinds": {"outbid": {"email": False}}},
    "quiet nights": {"quiet_hours": {"start": "22:00", "end": "07:00"}},
    "no quiet hours": {"quiet_hours": None},
}
REFUSED = {
    "no such time": {
        "error": "quiet_hours: start: must be a time of the day such as 22:00",
        "fields": ["quiet_hours"],
    }
}


def _list(path: str) -> Sample:
    pages = page_of(OUTBID, address=path)
    first = {name: {**body, "unread_count": 1} for name, body in pages.items()}
    return Sample(answers={200: first, 400: BAD_PAGE_SIZE, 404: NO_SUCH_PAGE})


_CHANGE = Sample(sends=CHANGES, answers={200: {"the whole": CHANGED}, 400: REFUSED})

SAMPLES = {
    "listNotifications": _list("/api/notifications/"),
    "listUnreadNotifications": _list("/api/notifications/unread/"),
    "readNotification": Sample(
        answers={200: {"read": READ}, 404: said("Notification not found")},
    ),
    "readAllNotifications": Sample(
        answers={200: {"some were unread": {"marked": 3, "unread_count": 0}}}
    ),
    "getNotificationSettings": Sample(answers={200: {"as it is at first": SETTINGS}}),
    "changeNotificationSettings": _CHANGE,
    "patchNotificationSettings": _CHANGE,
    "unsubscribe": Sample(
        answers={
            200: {"done": {"message": "You get no more mails of the kind outbid"}},
            400: {
                "no link of ours": {
                    "error": "token: is none of a mail of ours",
                    "fields": ["token"],
                }
            },
        }
    ),
}
