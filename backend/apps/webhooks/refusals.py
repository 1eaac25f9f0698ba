"""Why webhooks refuse, each with the status and sentence of its door."""

from enum import Enum


class HookReason(Enum):
    """The catalogue: code, status, sentence, field; braces are filled with the facts."""

    NO_ENDPOINT = ("not_found", 404, "Webhook not found", "")
    NO_DELIVERY = ("not_found", 404, "Delivery not found", "")
    BAD_URL = ("bad_url", 400, "url: {detail}", "url")
    TOO_MANY = ("too_many_webhooks", 400, "An account may have at most {limit} webhooks", "")
    NOT_STAFF = (
        "not_staff",
        403,
        "Only staff who see payments may ask for the events of every auction",
        "",
    )
    SWITCHED_OFF = ("webhook_disabled", 400, "This webhook is switched off; switch it on first", "")

    @property
    def code(self) -> str:
        """What a program may act on."""
        return self.value[0]

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return self.value[1]


class HookRefused(Exception):
    """Raised with nothing changed. `facts` fill the sentence."""

    def __init__(self, reason: HookReason, **facts: object) -> None:
        super().__init__(reason.code)
        self.reason = reason
        self.facts = facts

    @property
    def body(self) -> dict[str, object]:
        """The answer's JSON."""
        _, status, sentence, field = self.reason.value
        body: dict[str, object] = {"error": sentence.format(**self.facts)}
        if status != 404:
            body["code"] = self.reason.code
        if field:
            body["fields"] = [field]
        return body
