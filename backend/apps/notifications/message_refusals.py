"""Why messages are refused. The door turns a reason into its status and sentence."""

from enum import StrEnum


class MessageReason(StrEnum):
    """The catalogue."""

    SENDER_SHUT_OUT = "sender_shut_out"
    EMAIL_UNVERIFIED = "email_unverified"
    KEY_REUSED = "idempotency_key_reused"
    TO_ONESELF = "to_oneself"
    BLOCKS_ONESELF = "blocks_oneself"
    NO_RECIPIENT = "no_recipient"
    NO_AUCTION = "no_auction"
    BLOCKED_BY_RECIPIENT = "blocked_by_recipient"
    BLOCKED_BY_SENDER = "blocked_by_sender"
    NOT_THE_RECIPIENT = "not_the_recipient"
    NOT_FOUND = "not_found"
    IMAGES_REFUSED = "images_refused"  # [detail]


class MessageRefused(Exception):
    """Raised with nothing changed. `detail` fills the sentence."""

    def __init__(self, reason: MessageReason, detail: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail
