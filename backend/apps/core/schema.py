"""What every operation of the OpenAPI document shares.

A view declares what only it knows: its serializers, its refusals. What can be read off the view
is read off it, so that the document cannot say otherwise: who needs a token, and the errors of
bodies, tokens, rates and pages.
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
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


REQUEST_KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": 128, "pattern": "^[ -~\u00a1-\u00ac\u00ae-\u00ff]*$"},
    OpenApiParameter.HEADER,
    description="The same key gives the same outcome: a repeated request does nothing twice.",
)


def errors(*codes: int) -> dict[int, Any]:
    """Return these errors for a view's `responses`; those that are implied need no mention."""
    return {code: UnauthorizedSerializer if code == 401 else ErrorSerializer for code in codes}


#: Texts whose schema says more than that they are not blank.
_PATTERNED = (serializers.RegexField, serializers.EmailField)


class HouseSchema(AutoSchema):
    """Adds to what a view declares what the view itself shows.

    A view may have `error_serializer`, the shape of its errors, and `media_type_status`, its
    status for a body of a type it does not read; a text field `text_pattern`, its expression.
    """

    def get_auth(self) -> list[Any]:
        """Return the ways to authenticate; none is one of them where strangers are let in."""
        schemes: list[Any] = []
        for authenticator in self.view.get_authenticators():
            scheme: Any = OpenApiAuthenticationExtension.get_match(authenticator)
            schemes.append({scheme.name: []})
            component = ResolvedComponent(
                name=scheme.name,
                type=ResolvedComponent.SECURITY_SCHEMA,
                object=type(scheme),  # authenticators of several classes share a scheme
                schema=scheme.get_security_definition(self),
            )
            self.registry.register_on_missing(component)
        return [*schemes, {}] if schemes and self._lets_strangers_in() else schemes

    def _lets_strangers_in(self) -> bool:
        request = self.view.request
        request.user = AnonymousUser()
        return all(
            permission.has_permission(request, self.view)
            for permission in self.view.get_permissions()
        )

    def _get_serializer_field_meta(self, field: Any, direction: Any) -> dict[str, Any]:
        meta: dict[str, Any] = super()._get_serializer_field_meta(field, direction)
        is_text = isinstance(field, serializers.CharField) and direction == "request"
        if is_text and not field.allow_blank:
            meta["minLength"] = 1
            if field.trim_whitespace and not isinstance(field, _PATTERNED):
                meta["pattern"] = r"\S"
        if is_text and (pattern := getattr(field, "text_pattern", "")):
            meta["pattern"] = pattern
        return meta

    def _insert_field_validators(self, field: Any, schema: dict[str, Any]) -> None:
        """Let a text that may be blank fit both what it may be and the empty text."""
        super()._insert_field_validators(field, schema)
        if schema.get("oneOf", [])[1:] == [{"type": "string", "maxLength": 0}]:
            schema["anyOf"] = schema.pop("oneOf")

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for code in self._implied_statuses():
            shape = self._error_shape(code)
            bodies.setdefault(str(code), self._get_response_for_code(shape, str(code)))
        return dict(sorted(bodies.items()))

    def _error_shape(self, code: int) -> Any:
        if code == 401:
            return UnauthorizedSerializer
        return getattr(self.view, "error_serializer", ErrorSerializer)

    def _implied_statuses(self) -> list[int]:
        found = []
        if self.method in ("POST", "PUT", "PATCH") and self.get_request_serializer() is not None:
            found += [400, 413, getattr(self.view, "media_type_status", 415)]
        if self.view.get_authenticators():
            found.append(401)
        if self._get_pagination_parameters():
            found += [400, 404]
        if "{" in self.path:
            found.append(404)  # at least for what has not the form of an id
        if self.view.get_throttles():
            found.append(429)
        return found
