"""Examples of `/api/webhooks/`."""

from typing import Any

from apps.webhooks.refusals import HookReason, HookRefused
from config.contracts.samples.base import BAD_PAGE_SIZE, NO_SUCH_PAGE, Bodies, Sample, page_of

HOOK: dict[str, Any] = {
    "id": 3,
    "url": "https://example.com/hook",
    "description": "Our shop",
    "kinds": ["auction.bid", "auction.ended", "payment.paid"],
    "scope": "own",
    "enabled": True,
    "disabled_reason": None,
    "failing_since": None,
    "previous_secret_until": None,
    "created_at": "2026-02-22T10:30:00Z",
}
SECRET = {"secret": "whsec_bm90IGEgc2VjcmV0IG9mIGFueWJvZHksIGp1c3QgMzI="}
DELIVERY: dict[str, Any] = {
    "id": 12,
    "webhook_id": 3,
    "message_id": "msg_0f6f3c1d5b7e4a2f9d8c7b6a59483726",
    "kind": "auction.bid",
    "status": "pending",
    "tries": 1,
    "next_try_at": "2026-02-22T10:35:06Z",
    "event_at": "2026-02-22T10:30:00Z",
    "created_at": "2026-02-22T10:30:01Z",
    "finished_at": None,
}
DETAIL: dict[str, Any] = {
    **DELIVERY,
    "url": "https://example.com/hook",
    "request": {
        "type": "auction.bid",
        "timestamp": "2026-02-22T10:30:00Z",
        "data": {"auction_id": 1, "title": "Walnut writing desk", "bidder": "ada", "amount": 45000},
    },
    "attempts": [
        {
            "at": "2026-02-22T10:30:01Z",
            "status": 503,
            "answer": "back soon",
            "error": None,
            "duration_ms": 48,
        }
    ],
}


def refused(reason: HookReason, **facts: object) -> Bodies:
    """Return a refusal of webhooks."""
    return {reason.name.replace("_", " ").lower(): HookRefused(reason, **facts).body}


NO_HOOK = refused(HookReason.NO_ENDPOINT)
NO_DELIVERY = refused(HookReason.NO_DELIVERY)
OFF = refused(HookReason.SWITCHED_OFF)
BAD = {
    **refused(HookReason.BAD_URL, detail="must begin with https://"),
    **refused(HookReason.TOO_MANY, limit=10),
}
NOT_STAFF = refused(HookReason.NOT_STAFF)

SAMPLES = {
    "listWebhooks": Sample(
        answers={
            200: page_of(HOOK, address="/api/webhooks/"),
            400: BAD_PAGE_SIZE,
            404: NO_SUCH_PAGE,
        }
    ),
    "createWebhook": Sample(
        sends={
            "of one's own auctions": {
                "url": "https://example.com/hook",
                "kinds": ["auction.bid", "auction.ended", "payment.paid"],
                "description": "Our shop",
            },
            "of everybody's, by staff": {
                "url": "https://example.com/hook",
                "kinds": ["payment.disputed"],
                "scope": "all",
            },
        },
        answers={201: {"made": {**HOOK, **SECRET}}, 400: BAD, 403: NOT_STAFF},
    ),
    "getWebhook": Sample(answers={200: {"one": HOOK}, 404: NO_HOOK}),
    "changeWebhook": Sample(
        sends={"switch it off": {"enabled": False}, "other events": {"kinds": ["auction.ended"]}},
        answers={
            200: {"switched off": {**HOOK, "enabled": False}},
            400: BAD,
            403: NOT_STAFF,
            404: NO_HOOK,
        },
    ),
    "deleteWebhook": Sample(answers={404: NO_HOOK}),
    "rotateWebhookSecret": Sample(
        answers={
            200: {
                "a new secret": {
                    **HOOK,
                    "previous_secret_until": "2026-02-23T10:30:00Z",
                    **SECRET,
                }
            },
            404: NO_HOOK,
        }
    ),
    "testWebhook": Sample(
        answers={
            202: {
                "ordered": {
                    **DELIVERY,
                    "kind": "test",
                    "tries": 0,
                    "next_try_at": "2026-02-22T10:30:00Z",
                }
            },
            400: OFF,
            404: NO_HOOK,
        }
    ),
    "replayWebhookSince": Sample(
        sends={"since this morning": {"since": "2026-02-22T08:00:00Z"}},
        answers={202: {"some had failed": {"ordered": 7}}, 400: OFF, 404: NO_HOOK},
    ),
    "listWebhookDeliveries": Sample(
        answers={
            200: page_of(DELIVERY, address="/api/webhooks/3/deliveries/"),
            400: BAD_PAGE_SIZE,
            404: {**NO_HOOK, **NO_SUCH_PAGE},
        }
    ),
    "getWebhookDelivery": Sample(answers={200: {"failed once": DETAIL}, 404: NO_DELIVERY}),
    "replayWebhookDelivery": Sample(
        answers={202: {"ordered": {**DELIVERY, "tries": 0}}, 400: OFF, 404: NO_DELIVERY}
    ),
}
