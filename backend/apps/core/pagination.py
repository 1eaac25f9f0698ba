"""The page shape of every collection of the roadmap's vocabulary."""

from typing import Any

from rest_framework import pagination
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.core.fields import whole_number
from apps.core.routing import ID_MAX

PAGE_SIZE = 20
PAGE_SIZE_MAX = 100

_NUMBER = {"type": "integer", "minimum": 1, "maximum": ID_MAX}
_ADDRESS = {"type": ["string", "null"], "format": "uri"}


class PageNumberPagination(pagination.PageNumberPagination):
    """`{count, next, previous, results}`; a `page_size` above 100 counts as 100."""

    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = PAGE_SIZE_MAX
    invalid_page_message = "Invalid page"
    last_page_strings = ()

    def get_page_number(self, request: Request, paginator: Any) -> int:
        """Return the page asked for; 0, which no list has, for what is no number."""
        asked = request.query_params.get(self.page_query_param) or 1
        return whole_number(asked) or 0

    def get_page_size(self, request: Request) -> int:
        """Return the rows of a page; raises ValidationError for what is no number above 0."""
        asked = request.query_params.get("page_size")
        if not asked:
            return self.page_size or PAGE_SIZE
        number = whole_number(asked)
        if number is None or not 1 <= number <= ID_MAX:
            raise ValidationError({"page_size": [f"must be a number from 1 to {PAGE_SIZE_MAX}"]})
        return min(number, PAGE_SIZE_MAX)

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Return how the document describes `page` and `page_size`."""
        return [
            {
                "name": "page",
                "in": "query",
                "description": "Which page; 404 beyond the last.",
                "schema": {**_NUMBER, "default": 1},
            },
            {
                "name": "page_size",
                "in": "query",
                "description": f"Rows on a page; more than {PAGE_SIZE_MAX} counts as "
                f"{PAGE_SIZE_MAX}.",
                "schema": {**_NUMBER, "default": self.page_size},
            },
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the shape of a page of rows."""
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "minimum": 0, "description": "Rows on all pages"},
                "next": {**_ADDRESS, "description": "Address of the next page"},
                "previous": {**_ADDRESS, "description": "Address of the page before"},
                "results": schema,
            },
        }
