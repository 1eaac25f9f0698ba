"""`/api/messages/`: what two users write to each other."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.pagination import BasePagination
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from apps.auctions.selectors import Viewer
from apps.bidding.validators import read_request_key
from apps.core.cursors import PageOrCursorPagination
from apps.core.json import JSONParser
from apps.core.schema import REQUEST_KEY_HEADER, errors
from apps.core.throttling import UploadThrottle, UserThrottle
from apps.notifications import message_selectors, message_services
from apps.notifications.base_views import OwnView
from apps.notifications.message_errors import refusal_response
from apps.notifications.message_refusals import MessageRefused
from apps.notifications.message_serializers import (
    BlockSerializer,
    BlockUserSerializer,
    ConversationSerializer,
    SendImagesSerializer,
    SendMessageSerializer,
    UserMessageSerializer,
    conversation_body,
)
from apps.users.authentication import claims_of

TAGS = ["messages"]


class MessageThrottle(UserThrottle):
    """Messages one account sends."""

    scope = "message_user"


class ReadThrottle(UserThrottle):
    """Messages one account marks as read."""

    scope = "message_read_user"


class BlockThrottle(UserThrottle):
    """Blocks of one account, set and taken back."""

    scope = "block_user"


class MessageView(OwnView):
    """One's own messages; refusals in the document's words."""

    pagination_class: type[BasePagination] = PageOrCursorPagination
    filter_backends = ()
    serializer_class: type[Any] = UserMessageSerializer

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a MessageRefused in the status of its reason."""
        if isinstance(exc, MessageRefused):
            return refusal_response(exc)
        return super().handle_exception(exc)

    def page(self, rows: Any) -> Response:
        """Return one page of rows as the view's serializer has them."""
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class MessagesView(MessageView):
    """GET, POST /api/messages/."""

    parser_classes = (JSONParser, MultiPartParser)

    def get_throttles(self) -> list[BaseThrottle]:
        """Count what is sent, and pictures as uploads besides."""
        if self.request.method != "POST":
            return []
        sends_form = (self.request.content_type or "").startswith("multipart/")
        return [MessageThrottle(), *([UploadThrottle()] if sends_form else [])]

    @extend_schema(
        operation_id="listMessages",
        summary="List one's own messages",
        tags=TAGS,
        responses={200: UserMessageSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """What the caller sent and was sent, newest first."""
        return self.page(message_selectors.messages_of(claims_of(request).user_id))

    @extend_schema(
        operation_id="sendMessage",
        summary="Write to a user",
        description=(
            "It joins the conversation of the two about that auction, or about none. Pictures go "
            "with it as a form, in the field `images`, which may be repeated: all of them or none."
        ),
        tags=TAGS,
        parameters=[REQUEST_KEY_HEADER],
        request={
            "application/json": SendMessageSerializer,
            "multipart/form-data": SendImagesSerializer,
        },
        responses={201: UserMessageSerializer} | errors(403, 404, 422),
    )
    def post(self, request: Request) -> Response:
        """Send it."""
        body = SendMessageSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        message = message_services.send_message(
            claims_of(request).user_id,
            body.validated_data["recipient"],
            body.validated_data["body"],
            auction_id=body.validated_data.get("auction_id"),
            images=request.FILES.getlist("images"),
            request_key=read_request_key(request.headers.get("Idempotency-Key")),
        )
        return Response(UserMessageSerializer(message).data, status=status.HTTP_201_CREATED)


class ConversationsPagination(PageOrCursorPagination):
    """A page of conversations, with `unread_count`."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the shape of a page of conversations."""
        page = super().get_paginated_response_schema(schema)
        page["required"] = [*page["required"], "unread_count"]
        page["properties"]["unread_count"] = {
            "type": "integer",
            "minimum": 0,
            "description": "Unread messages in all conversations",
        }
        return page


class ConversationsView(MessageView):
    """GET /api/messages/conversations/."""

    pagination_class = ConversationsPagination
    serializer_class = ConversationSerializer

    @extend_schema(
        operation_id="listConversations",
        summary="List one's own conversations",
        tags=TAGS,
        responses={200: ConversationSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """Each with its last message and what is unread, the last written in first."""
        reader_id = claims_of(request).user_id
        rows = self.paginate_queryset(message_selectors.conversations_of(reader_id)) or []
        titles = message_selectors.titles_of((row.auction_id for row in rows), Viewer(reader_id))
        answer = self.get_paginated_response(
            [conversation_body(row, reader_id, titles) for row in rows]
        )
        answer.data["unread_count"] = message_selectors.unread_message_count(reader_id)
        return answer


class ConversationView(MessageView):
    """GET /api/messages/{conversation_id}/."""

    @extend_schema(
        operation_id="listConversationMessages",
        summary="List the messages of a conversation",
        tags=TAGS,
        responses={200: UserMessageSerializer(many=True)} | errors(404),
    )
    def get(self, request: Request, conversation_id: int) -> Response:
        """Newest first. To read them marks nothing as read; others' conversations are 404."""
        rows = message_selectors.messages_in(claims_of(request).user_id, conversation_id)
        if rows is None:
            raise NotFound("Conversation not found")
        return self.page(rows)


class MarkReadView(MessageView):
    """POST /api/messages/{id}/read/."""

    throttle_classes = (ReadThrottle,)

    @extend_schema(
        operation_id="markMessageRead",
        summary="Mark a message as read",
        description=(
            "The id is a message's, not a conversation's. Its sender is shown when it was read; "
            "to mark it again changes nothing."
        ),
        tags=TAGS,
        request=None,
        responses={200: UserMessageSerializer} | errors(403, 404),
    )
    def post(self, request: Request, message_id: int) -> Response:
        """For its recipient alone."""
        message = message_services.mark_read(claims_of(request).user_id, message_id)
        return Response(UserMessageSerializer(message).data)


class BlocksView(MessageView):
    """GET, POST /api/messages/blocks/."""

    serializer_class = BlockSerializer

    def get_throttles(self) -> list[BaseThrottle]:
        """Count blocks, not reads."""
        return [BlockThrottle()] if self.request.method == "POST" else []

    @extend_schema(
        operation_id="listBlockedUsers",
        summary="List whom one has blocked",
        tags=TAGS,
        responses={200: BlockSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """The last blocked first."""
        return self.page(message_selectors.blocks_of(claims_of(request).user_id))

    @extend_schema(
        operation_id="blockUser",
        summary="Block a user",
        description="No message passes between the two from now on; what was written stays.",
        tags=TAGS,
        request=BlockUserSerializer,
        responses=dict.fromkeys((200, 201), BlockSerializer) | errors(403, 404),
    )
    def post(self, request: Request) -> Response:
        """Block; 200 if he was blocked."""
        body = BlockUserSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        block, created = message_services.block_user(
            claims_of(request).user_id, body.validated_data["user"]
        )
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(BlockSerializer(block).data, status=code)


class BlockView(MessageView):
    """DELETE /api/messages/blocks/{user_id}/."""

    throttle_classes = (BlockThrottle,)

    @extend_schema(
        operation_id="unblockUser",
        summary="Take a block back",
        tags=TAGS,
        responses={204: None} | errors(404),
    )
    def delete(self, request: Request, user_id: int) -> Response:
        """Also one that never was."""
        message_services.unblock_user(claims_of(request).user_id, user_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
