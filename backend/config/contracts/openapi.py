"""The OpenAPI document: what the views show, finished with what belongs to no single view.

`finish` runs after drf-spectacular, for the file and for /api/schema/ alike.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from apps.users.key_scopes import scope_for
from config.contracts import house
from config.contracts.links import add_links
from config.contracts.samples import SAMPLES, Sample, named

Node = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "patch")

#: What a status means; an operation's own sentences are in its examples.
DESCRIPTIONS = {
    "200": "Done",
    "201": "Created",
    "202": "Ordered; it is done soon",
    "204": "Done; there is nothing to say",
    "304": "Nothing has changed since the answer with this ETag",
    "400": "What was sent cannot be used, or the rules of the market refuse it",
    "401": "No token where one is needed, or one that is invalid, expired or revoked",
    "402": "The means of payment was declined; another can be tried",
    "403": "Not for this account",
    "404": "Nothing here that this account may see",
    "413": "The body is too large",
    "415": "A body of this type is not read here",
    "422": "The Idempotency-Key was already used for another request",
    "429": "Too many requests; Retry-After says when to try again",
    "503": "Very busy, or a payment provider is silent; Retry-After says when to try again",
}

#: Headers that always come with a status.
HEADERS = {"401": "WWW-Authenticate", "429": "Retry-After", "503": "Retry-After"}

#: Statuses whose answer is the same everywhere -> the name of the shared answer.
SHARED = {
    "401": "Unauthorized",
    "413": "TooLarge",
    "415": "UnsupportedMediaType",
    "422": "KeyReused",
    "429": "TooManyRequests",
    "503": "Busy",
}

#: What a parameter of a path means, by its name.
PATH_PARAMETERS = {
    "auction_id": "The auction's id; a product of the guide is an auction too.",
    "bid_id": "The bid's id.",
    "conversation_id": "The conversation's id; a message shows it as `conversation_id`.",
    "delivery_id": "The delivery's id.",
    "escrow_id": "The held money's id; a payment shows it as `escrow_id`.",
    "export_id": "The export's id.",
    "image_id": "The picture's id.",
    "invoice_id": "The id of the invoice or credit note; its number is for people.",
    "mail_id": "The mail's id.",
    "key_id": "The API key's id.",
    "message_id": "The message's id, not its conversation's.",
    "notification_id": "The notification's id.",
    "passkey_id": "The passkey's id.",
    "search_id": "The saved search's id.",
    "payment_id": "The payment's id.",
    "product_id": "The product's id; an auction of the roadmap is a product too.",
    "appeal_id": "The appeal's id.",
    "report_id": "The report's id.",
    "case_id": "The id of what stood out.",
    "rule_id": "The automatic bid's id.",
    "seller_id": "The seller's user id.",
    "session_id": "The login session's id.",
    "subscription_id": "The subscription's id.",
    "user_id": "The user's id.",
    "webhook_id": "The webhook's id.",
}


def document() -> Node:
    """Return the document as /api/schema/ has it."""
    generator: Any = SchemaGenerator  # it has no types
    found: Node = generator().get_schema(request=None, public=True)
    return found


def finish(result: Node, generator: Any, request: Any, public: bool) -> Node:
    """Complete what drf-spectacular read off the views; its hook."""
    for operation in operations(result):
        _finish_operation(operation)
    _name_scopes(result)
    add_links(operations(result))
    result["components"]["headers"] = house.HEADERS
    result["components"]["responses"] = _shared_responses(result)
    result["components"]["parameters"] = _shared_parameters(result)
    result["components"]["schemas"] |= house.SCHEMAS
    result["components"] = dict(sorted(result["components"].items()))
    result["paths"] = dict(sorted((result["paths"] | house.PATHS).items()))
    result["info"] |= house.INFO
    result["servers"] = house.SERVERS
    result["tags"] = house.tags(operation["tags"][0] for operation in operations(result))
    result["x-tagGroups"] = house.TAG_GROUPS
    return {name: result[name] for name in _ORDER}


_ORDER = ("openapi", "info", "servers", "tags", "x-tagGroups", "paths", "components")


def operations(document: Node) -> Iterator[Node]:
    """Yield every operation."""
    for methods in document["paths"].values():
        for method in METHODS:
            if method in methods:
                yield methods[method]


def _name_scopes(document: Node) -> None:
    """Say which scope an API key needs; an operation without one is open to no key."""
    for path, methods in document["paths"].items():
        for method in METHODS:
            scope = scope_for(method.upper(), re.sub(r"{\w+}", "1", path))
            if method in methods and methods[method]["security"] and scope:
                methods[method]["x-api-key-scope"] = scope


def _finish_operation(operation: Node) -> None:
    sample = SAMPLES.get(operation["operationId"], Sample())
    operation.setdefault("security", [])
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            parameter.setdefault("description", PATH_PARAMETERS.get(parameter["name"], ""))
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        if media_type == "application/json" and sample.sends is not None:
            content["examples"] = named(sample.sends)
    for status, response in operation["responses"].items():
        response["description"] = response["description"] or DESCRIPTIONS[status]
        if status in HEADERS:
            name = HEADERS[status]
            response["headers"] = {name: {"$ref": f"#/components/headers/{name}"}}
        answer = sample.answers.get(int(status), house.ANSWERS.get(status))
        for media_type, content in response.get("content", {}).items():
            if answer is not None and media_type == "application/json":
                content["examples"] = named(answer)
    for name in sample.headers:
        response = operation["responses"]["200"]
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"}}


def _shared_responses(document: Node) -> Node:
    """Give a name to the answers that many operations share; return them by name."""
    shared: Node = {}
    for operation in operations(document):
        for status, response in operation["responses"].items():
            content = response.get("content", {}).get("application/json", {})
            if status not in SHARED or content["examples"] != named(house.ANSWERS[status]):
                continue
            is_guide = "ProductError" in content["schema"]["$ref"]
            name = f"Guide{SHARED[status]}" if is_guide else SHARED[status]
            if shared.setdefault(name, response) == response:
                operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    return dict(sorted(shared.items()))


def _shared_parameters(document: Node) -> Node:
    """Give a name to the parameters that several operations share; return them by name."""
    lists = [operation.get("parameters", []) for operation in operations(document)]
    every = [parameter for parameters in lists for parameter in parameters]
    shared = {
        _name_of(parameter): parameter
        for parameter in every
        if parameter["in"] != "path" and every.count(parameter) > 1
    }
    for parameters in lists:
        for place, parameter in enumerate(parameters):
            name = _name_of(parameter)
            if shared.get(name) == parameter:
                parameters[place] = {"$ref": f"#/components/parameters/{name}"}
    return dict(sorted(shared.items()))


def _name_of(parameter: Mapping[str, Any]) -> str:
    words = parameter["name"].replace("-", "_").split("_")
    return "".join(word[:1].upper() + word[1:] for word in words)
