"""What the guide's views share: the guide's words for errors, and how a product is found."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework.permissions import BasePermission, IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.auctions import selectors
from apps.bidbazaar import errors, serializers
from apps.bidbazaar.errors import GuideError
from apps.bidding import offer_selectors
from apps.core import clock
from apps.users.authentication import claims_of

LIST = {200: serializers.ProductSerializer(many=True)}


def errors_in(*codes: int) -> dict[int, Any]:
    """Return these errors for a view's `responses`; those that are implied need no mention."""
    return dict.fromkeys(codes, serializers.ProductErrorSerializer)


class GuideView(APIView):
    """A view that answers errors in the guide's words. Reading is open, writing is not."""

    permission_classes: tuple[type[BasePermission], ...] = (IsAuthenticatedOrReadOnly,)
    error_serializer = serializers.ProductErrorSerializer
    media_type_status = 400

    def get_exception_handler(self) -> Callable[..., Response | None]:
        """Return the guide's, in place of the site's."""
        return errors.handle_exception


class PrivateView(GuideView):
    """A view for who is logged in, reading included."""

    permission_classes = (IsAuthenticated,)


def body_of(request: Request) -> dict[str, Any]:
    """Return the body, an object by the parsers this site has."""
    body = request.data
    assert isinstance(body, dict)
    return body


def asker(request: Request) -> dict[str, Any]:
    """Return what every command carries of the person who asks."""
    claims = claims_of(request)
    return {"actor_id": claims.user_id, "session_id": claims.session_id}


def check_published(product_id: int) -> None:
    """Refuse with 404 where nobody sees a product."""
    if not selectors.products().filter(pk=product_id).exists():
        raise GuideError(404, errors.PRODUCT_NOT_FOUND)


def published_product(product_id: int) -> Any:
    """Return the product with its highest bid; 404 where nobody sees one."""
    found = selectors.products().filter(pk=product_id)
    auction = offer_selectors.with_highest_bid(found, now=clock.now()).first()
    if auction is None:
        raise GuideError(404, errors.PRODUCT_NOT_FOUND)
    return auction


def product_reply(product_id: int) -> dict[str, Any]:
    """Return the product object; 404 where nobody sees a product."""
    return serializers.product_body(published_product(product_id))


def products_reply(auctions: QuerySet[Any]) -> Response:
    """Return the whole list as a bare array, in a number of queries that does not grow."""
    rows = offer_selectors.with_highest_bid(auctions, now=clock.now())
    return Response([serializers.product_body(row) for row in rows])
