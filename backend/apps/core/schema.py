"""What every operation of the OpenAPI document shares: the shape of an error."""

from typing import Any

from rest_framework import serializers


class ErrorSerializer(serializers.Serializer[Any]):
    """An error: a sentence for a person, and what a program may act on."""

    error = serializers.CharField()
    details = serializers.CharField(required=False)
    fields = serializers.ListField(child=serializers.CharField(), required=False)  # type: ignore[assignment]
    code = serializers.CharField(required=False, help_text="A reason of docs/refusals.md")
    min_next_bid = serializers.FloatField(required=False)


class UnauthorizedSerializer(serializers.Serializer[Any]):
    """No token, or one that is invalid, expired or revoked."""

    detail = serializers.CharField()


ERRORS: dict[int, Any] = {
    400: ErrorSerializer,
    401: UnauthorizedSerializer,
    403: ErrorSerializer,
    404: ErrorSerializer,
}
