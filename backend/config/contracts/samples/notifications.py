"""Examples of `/api/notifications/`."""

from typing import Any

from apps.notifications.kinds import Kind
from apps.notifications.sentences import Says
from apps.notifications.settings_services import Wishes
from config.contracts.samples.base import BAD_PAGE_SIZE, NO_SUCH_PAGE, Sample, page_of, said

OUTBID: dict[str, Any] = {
    "id": 12,
    "kind": Kind.OUTBID.value,
    "title": "You were outbid 2 times on Walnut writing desk",
    "body": "The price is now 46,000.00 USD.",
    "url": "/auctions/1",
    "data": {
        "says": Says.OUTBID.value,
        "auction_id": 1,
        "seq": 9,
        "title": "Walnut writing desk",
        "amount": 46000,
        "currency": "USD",
    },
    "count": 2,
    "read_at": None,
    "created_at": "2026-02-22T10:30:00Z",
}
READ = {**OUTBID, "read_at": "2026-02-22T10:41:00Z"}
SETTINGS = {
    "kinds": Wishes().whole(),
    "quiet_hours": None,
    "digest_at": "08:00",
    "timezone": "UTC",
    "email": {"address": "bidder1@example.com", "paused_at": None},
}
PAUSED = {"address": "bidder1@example.com", "paused_at": "2026-02-22T10:30:00Z"}
CHANGED = {
    **SETTINGS,
    "kinds": Wishes({"outbid": {"email": False}}).whole(),
    "quiet_hours": {"start": "22:00", "end": "07:00"},
}
CHANGES = {
    "no mail when outbid": {"kinds": {"outbid": {"email": False}}},
    "quiet nights": {"quiet_hours": {"start": "22:00", "end": "07:00"}},
    "no quiet hours": {"quiet_hours": None},
    "one mail a day": {
        "kinds": {"lost": {"email": False, "digest": True}},
        "digest_at": "18:30",
    },
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

BROWSER = {
    "id": 3,
    "device": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "created_at": "2026-02-22T10:30:00Z",
    "used_at": None,
}
#: RFC 8292's sample point.
PUBLIC_KEY = (
    "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
)
SUBSCRIPTION = {
    "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABo",
    "keys": {
        "p256dh": PUBLIC_KEY,
        "auth": "FPssNDTKnInHVndSTdbKFw",
    },
}

SAMPLES = {
    "getPush": Sample(
        answers={
            200: {
                "one browser": {
                    "public_key": PUBLIC_KEY,
                    "subscriptions": [BROWSER],
                }
            }
        }
    ),
    "subscribeToPush": Sample(
        sends={"as the browser has it": SUBSCRIPTION},
        answers={
            200: {"known already": BROWSER},
            201: {"new": BROWSER},
            400: {
                "no push service": {
                    "error": "endpoint: must be the https address of a push service this site "
                    "knows",
                    "fields": ["endpoint"],
                }
            },
        },
    ),
    "unsubscribeFromPush": Sample(answers={404: said("Subscription not found")}),
    "listNotifications": _list("/api/notifications/"),
    "listUnreadNotifications": _list("/api/notifications/unread/"),
    "readNotification": Sample(
        answers={200: {"read": READ}, 404: said("Notification not found")},
    ),
    "readAllNotifications": Sample(
        answers={200: {"some were unread": {"marked": 3, "unread_count": 0}}}
    ),
    "getNotificationSettings": Sample(
        answers={
            200: {
                "as it is at first": SETTINGS,
                "an address that took no mail": {**SETTINGS, "email": PAUSED},
            }
        }
    ),
    "resumeNotificationMail": Sample(answers={200: {"written to again": SETTINGS}}),
    "reportBounce": Sample(
        sends={"a mailbox that is gone": {"email": "gone@example.com", "detail": "550 5.1.1"}},
        answers={
            200: {"noted": {"received": True}},
            400: {"no address": {"error": "email: This field is required.", "fields": ["email"]}},
            403: said("The secret is not that of this site"),
            404: said("This site is told of no bounces"),
        },
    ),
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
