"""Events read back: what a reconciler asks when webhooks are lost."""

from itertools import islice

import msgspec

from tests.fakepay.routes import Routes
from tests.fakepay.stripe_calls import LIMIT_DEFAULT, LIMIT_MAX, LIST_SHAPE, Call, in_span, list_of
from tests.fakepay.stripe_forms import FLAG, SPAN, TEXT, StripeError, refused
from tests.fakepay.world import Event, Thing

KEPT_SECONDS = 30 * 86400  # older events are not shown

routes = Routes()


@routes.on(
    "GET",
    "/v1/events",
    {
        **LIST_SHAPE,
        "created": SPAN,
        "type": TEXT,
        "types": [TEXT],
        "delivery_success": FLAG,
    },
)
def list_events(call: Call) -> Thing:
    limit = call.params.get("limit", LIMIT_DEFAULT)
    if not 1 <= limit <= LIMIT_MAX:
        raise refused(f"This value must be between 1 and {LIMIT_MAX}.", None, "limit")
    if call.get("ending_before"):
        raise refused("fakepay lists events by starting_after.", None, "ending_before")
    store, after = call.world.stripe, call.get("starting_after")
    if after is not None and after not in store.events:
        raise StripeError(
            400, f"No such event: '{after}'", code="resource_missing", param="starting_after"
        )
    types = call.get("types") or ([call.get("type")] if call.get("type") else None)
    span, delivered = call.params.get("created"), call.get("delivery_success")
    missing, oldest = call.world.webhooks.undelivered, call.world.now() - KEPT_SECONDS

    def fits(event: Event) -> bool:
        return (
            event.created >= oldest
            and (types is None or any(_is_of(event.type, type_) for type_ in types))
            and (span is None or in_span(event.created, span))
            and (delivered is None or delivered is (event.id not in missing))
        )

    fitting = list(islice(filter(fits, store.events_newest_first(after)), limit + 1))
    page = [msgspec.json.decode(event.body) for event in fitting[:limit]]
    return list_of(page, "/v1/events", has_more=len(fitting) > limit)


@routes.on("GET", "/v1/events/{}")
def retrieve_event(call: Call, id_: str) -> Thing:
    event = call.world.stripe.events.get(id_)
    if event is None:
        raise StripeError(404, f"No such event: '{id_}'", code="resource_missing", param="id")
    body: Thing = msgspec.json.decode(event.body)
    return body


def _is_of(type_: str, wanted: str) -> bool:
    return type_.startswith(wanted[:-1]) if wanted.endswith("*") else type_ == wanted
