"""`/api/payments/statement/`: one's own money with the house, as JSON or for a spreadsheet."""

import re
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.fields import ID_MAX
from apps.core.json import JSONRenderer
from apps.core.schema import errors
from apps.payments import statements
from apps.payments.base_views import MoneyView
from apps.payments.refusals import MoneyReason, MoneyRefused
from apps.payments.statement_serializers import StatementSerializer
from apps.users.authentication import claims_of
from apps.users.rights import Right, may

CSV = "text/csv"
FORMATS = ("json", "csv")

_DIGITS = re.compile(r"[0-9]{1,19}", re.ASCII)


class CSVRenderer(BaseRenderer):
    """What a client names to be given the table."""

    media_type = CSV
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, *_: Any) -> bytes:
        """Nothing of ours is rendered by this: the view renders all but the table as JSON."""
        raise NotImplementedError


class TableToo(DefaultContentNegotiation):
    """JSON, unless the table is asked for."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        """Return what was asked for; raises NotAcceptable."""
        return super().select_renderer(request, [*renderers, CSVRenderer()], format_suffix)


class StatementView(MoneyView):
    """GET /api/payments/statement/."""

    serializer_class = StatementSerializer
    content_negotiation_class = TableToo

    @extend_schema(
        operation_id="getStatement",
        summary="Show one's own statement",
        description="What the house held for the caller or owed him, and every movement of it, "
        "oldest first. Of an auction its seller and its buyer see their own lines, staff both.",
        tags=["payments"],
        parameters=[
            OpenApiParameter(
                "auction_id",
                {"type": "integer", "minimum": 1, "maximum": ID_MAX},
                description="Of this auction only",
            ),
            OpenApiParameter(
                "as",
                {"type": "string", "enum": list(FORMATS)},
                description="For who cannot set `Accept: text/csv`",
            ),
        ],
        responses={(200, "application/json"): StatementSerializer, (200, CSV): OpenApiTypes.STR}
        | errors(400, 404),
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Of all auctions, or of one."""
        as_table = _wants_table(request)
        statement = self.statement(request.query_params.get("auction_id", ""))
        if as_table:
            named = {"Content-Disposition": 'attachment; filename="statement.csv"'}
            table = statements.as_csv(statement)
            return HttpResponse(table, content_type=f"{CSV}; charset=utf-8", headers=named)
        return Response(statements.as_json(statement))

    def statement(self, auction_id: str) -> statements.Statement:
        """Return the caller's statement; raises ValidationError, MoneyRefused (404)."""
        user_id, user = claims_of(self.request).user_id, self.request.user
        if not auction_id:
            return statements.statement_of_user(user_id)
        if not _DIGITS.fullmatch(auction_id) or not 1 <= int(auction_id) <= ID_MAX:
            raise ValidationError({"auction_id": [f"must be a whole number from 1 to {ID_MAX}"]})
        sees_all = may(user, Right.MONEY)
        found = statements.statement_of_auction(int(auction_id), user_id, is_staff=sees_all)
        if found is None:
            raise MoneyRefused(MoneyReason.NOT_FOUND)
        return found

    def finalize_response(self, request: Request, response: Any, *args: Any, **kw: Any) -> Any:
        """Whatever is not the table is JSON, refusals too."""
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSONRenderer.media_type
        response = super().finalize_response(request, response, *args, **kw)
        patch_vary_headers(response, ["Accept"])
        return response


def _wants_table(request: Request) -> bool:
    """Return whether the table is asked for, by the query or else the header."""
    asked = request.query_params.get("as", "")
    if asked and asked not in FORMATS:
        raise ValidationError({"as": [f"must be one of: {', '.join(FORMATS)}"]})
    return asked == "csv" or (not asked and isinstance(request.accepted_renderer, CSVRenderer))
