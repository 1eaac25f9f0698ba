"""The refusals of messages in the roadmap's vocabulary: status, sentence, fields."""

from typing import Any

from rest_framework.response import Response

from apps.core.api_errors import SENTENCES
from apps.notifications.message_refusals import MessageReason, MessageRefused
from domain.reasons import Reason

#: `{detail}` is what the refusal says besides.
MESSAGE_SENTENCES: dict[MessageReason, tuple[int, str]] = {
    MessageReason.SENDER_SHUT_OUT: (403, "This account may not write messages"),
    MessageReason.EMAIL_UNVERIFIED: (
        403,
        "Confirm your e-mail address before you write to others",
    ),
    MessageReason.KEY_REUSED: SENTENCES[Reason.IDEMPOTENCY_KEY_REUSED],
    MessageReason.TO_ONESELF: (400, "recipient: must be somebody else"),
    MessageReason.BLOCKS_ONESELF: (400, "user: must be somebody else"),
    MessageReason.NO_RECIPIENT: (404, "User not found"),
    MessageReason.NO_AUCTION: SENTENCES[Reason.NOT_FOUND],
    MessageReason.BLOCKED_BY_RECIPIENT: (403, "This user takes no messages from you"),
    MessageReason.BLOCKED_BY_SENDER: (
        403,
        "You have blocked this user; take the block back before you write",
    ),
    MessageReason.NOT_THE_RECIPIENT: (403, "Only its recipient can mark a message as read"),
    MessageReason.NOT_FOUND: (404, "Message not found"),
    MessageReason.IMAGES_REFUSED: (400, "images: {detail}"),
}
#: Refusals of what stands in one field of the body.
FIELDS = {
    MessageReason.TO_ONESELF: "recipient",
    MessageReason.BLOCKS_ONESELF: "user",
    MessageReason.IMAGES_REFUSED: "images",
}


def refusal_response(error: MessageRefused) -> Response:
    """Return the answer to a refused request."""
    code, sentence = MESSAGE_SENTENCES[error.reason]
    text = sentence.replace("{detail}", error.detail)
    if code == 404:
        return Response({"error": text}, status=code)
    body: dict[str, Any] = {"error": text, "code": error.reason.value}
    if error.reason in FIELDS:
        body["fields"] = [FIELDS[error.reason]]
    return Response(body, status=code)
