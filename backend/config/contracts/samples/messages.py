"""Examples of `/api/messages/`."""

from typing import Any

from apps.notifications.message_errors import FIELDS, MESSAGE_SENTENCES
from apps.notifications.message_refusals import MessageReason
from config.contracts.samples.base import (
    BAD_PAGE_SIZE,
    NO_AUCTION,
    NO_SUCH_PAGE,
    Bodies,
    Sample,
    page_of,
    said,
)

ASKED: dict[str, Any] = {
    "id": 41,
    "conversation_id": 7,
    "sender": "grace",
    "sender_id": 2,
    "recipient": "ada",
    "recipient_id": 1,
    "body": "Is the key there?",
    "attachments": [],
    "read_at": None,
    "created_at": "2026-02-22T10:30:00Z",
}
READ = {**ASKED, "read_at": "2026-02-22T10:41:00Z"}
SHOWN = {
    **ASKED,
    "id": 42,
    "body": "This drawer sticks",
    "attachments": [
        {
            "id": 3,
            "image": "/media/message_images/6e0f.webp",
            "thumbnail": "/media/message_images/6e0f_thumb.webp",
            "thumbnails": {
                "small": "/media/message_images/6e0f_small.webp",
                "medium": "/media/message_images/6e0f_thumb.webp",
                "large": "/media/message_images/6e0f_large.webp",
            },
        }
    ],
}
CONVERSATION = {
    "id": 7,
    "other_party": {"id": 2, "username": "grace"},
    "about": {"auction_id": 1, "title": "Walnut writing desk"},
    "last_message": ASKED,
    "unread_count": 1,
    "blocked": False,
    "created_at": "2026-02-22T10:30:00Z",
}
BLOCK = {"user": {"id": 2, "username": "grace"}, "created_at": "2026-02-22T10:45:00Z"}
CONVERSATIONS = {
    name: {**page, "unread_count": 3}
    for name, page in page_of(CONVERSATION, address="/api/messages/conversations/").items()
}
LIST_ERRORS = {400: BAD_PAGE_SIZE, 404: NO_SUCH_PAGE}


def refused(reason: MessageReason) -> Bodies:
    """Return a refusal of messages."""
    more: dict[str, Any] = {"fields": [FIELDS[reason]]} if reason in FIELDS else {}
    return said(MESSAGE_SENTENCES[reason][1], code=reason.value, **more)


NO_USER = said(MESSAGE_SENTENCES[MessageReason.NO_RECIPIENT][1])
NO_MESSAGE = said(MESSAGE_SENTENCES[MessageReason.NOT_FOUND][1])
UNVERIFIED = refused(MessageReason.EMAIL_UNVERIFIED)

SAMPLES = {
    "listMessages": Sample(
        answers={200: page_of(ASKED, address="/api/messages/"), **LIST_ERRORS},
    ),
    "sendMessage": Sample(
        sends={
            "about an auction": {"recipient": "ada", "body": "Is the key there?", "auction_id": 1},
            "about none": {"recipient": 1, "body": "Is the key there?"},
        },
        answers={
            201: {"sent": ASKED, "with a picture": SHOWN},
            400: {
                "no text": {"error": "body: This field may not be blank.", "fields": ["body"]},
                **refused(MessageReason.TO_ONESELF),
            },
            403: {
                **refused(MessageReason.BLOCKED_BY_RECIPIENT),
                **refused(MessageReason.BLOCKED_BY_SENDER),
                **UNVERIFIED,
            },
            404: {**NO_USER, **NO_AUCTION},
        },
    ),
    "listConversations": Sample(
        answers={200: CONVERSATIONS, **LIST_ERRORS},
    ),
    "listConversationMessages": Sample(
        answers={
            200: page_of(ASKED, address="/api/messages/7/"),
            400: BAD_PAGE_SIZE,
            404: {**said("Conversation not found"), **NO_SUCH_PAGE},
        },
    ),
    "markMessageRead": Sample(
        answers={
            200: {"read": READ},
            403: refused(MessageReason.NOT_THE_RECIPIENT),
            404: NO_MESSAGE,
        },
    ),
    "listBlockedUsers": Sample(
        answers={200: page_of(BLOCK, address="/api/messages/blocks/"), **LIST_ERRORS},
    ),
    "blockUser": Sample(
        sends={"by name": {"user": "grace"}, "by id": {"user": 2}},
        answers={
            200: {"was blocked": BLOCK},
            201: {"blocked": BLOCK},
            400: refused(MessageReason.BLOCKS_ONESELF),
            403: refused(MessageReason.SENDER_SHUT_OUT),
            404: NO_USER,
        },
    ),
    "unblockUser": Sample(answers={404: NO_USER}),
}
