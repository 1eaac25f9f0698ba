"""The OpenAPI document leaves nothing out: no route, no error, no example, no description."""

import re
from collections import Counter
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from jsonschema import Draft202012Validator

from config.contracts import openapi
from config.contracts.links import LINKS
from tests.fuzz.closing import closed

METHODS = {"get", "post", "put", "patch", "delete"}

#: Pages about the document, and the way to them.
MAPS = {"/", "/robots.txt", "/sitemap.xml"}
ABOUT_THE_DOCUMENT = MAPS | {"/api/docs/", "/api/redoc/", "/api/schema/"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi.document()


def routes(patterns: Any = None, before: str = "/") -> set[str]:
    """Return "method path" of all that the resolver answers, as the document writes them."""
    found: set[str] = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if getattr(pattern, "name", None) == "page":
            continue  # the web app answers whatever nothing else does
        path = before + template(str(pattern.pattern))
        if isinstance(pattern, URLResolver) and pattern.app_name == "admin":
            continue  # pages, no part of the API
        if isinstance(pattern, URLResolver):
            found |= routes(pattern.url_patterns, path)
        else:
            found |= {f"{method} {path}" for method in methods(pattern)}
    return found


def template(pattern: str) -> str:
    """Return a Django route or regular expression as a path with {names}."""
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", pattern.removeprefix("^").removesuffix("$"))
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", plain)


def methods(pattern: URLPattern) -> set[str]:
    callback: Any = pattern.callback
    view = getattr(callback, "cls", None) or callback.view_class
    return {method for method in METHODS if hasattr(view, method)}


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path}": operation
        for path, found in document["paths"].items()
        for method, operation in found.items()
    }


def resolved(node: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        value: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            value = value[part]
        node = value
    return node


def contents(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return every JSON body that is sent or answered, with where it stands."""
    found = []
    for name, operation in operations(document).items():
        places = {"request": operation.get("requestBody", {}), **operation["responses"]}
        for place, body in places.items():
            content = resolved(body, document).get("content", {})
            if "application/json" in content:
                found.append((f"{name} {place}", content["application/json"]))
    return found


def test_every_route_is_described_and_every_description_has_a_route(document):
    described = set(operations(document))
    served = {each for each in routes() if each.split()[1] not in ABOUT_THE_DOCUMENT}

    assert served - described == set(), "not described"
    assert described - served == set(), "not served"


def test_every_operation_says_who_may_and_what_it_does(document):
    silent = [
        (name, part)
        for name, operation in operations(document).items()
        for part in ("operationId", "summary", "description", "tags")
        if not operation.get(part)
    ]

    assert silent == []
    assert [name for name, each in operations(document).items() if "security" not in each] == []


def test_no_two_operations_share_an_id(document):
    ids = Counter(each["operationId"] for each in operations(document).values())

    assert [name for name, count in ids.items() if count > 1] == []
    assert [name for name in ids if not re.fullmatch(r"[a-z][A-Za-z]+", name)] == []


def test_every_tag_says_what_it_holds(document):
    assert [tag["name"] for tag in document["tags"] if not tag.get("description")] == []
    grouped = [tag for group in document["x-tagGroups"] for tag in group["tags"]]
    assert {tag["name"] for tag in document["tags"]} <= set(grouped)


def test_every_parameter_says_what_it_means(document):
    silent = [
        (name, parameter["name"])
        for name, operation in operations(document).items()
        for each in operation.get("parameters", ())
        if not (parameter := resolved(each, document)).get("description")
    ]

    assert silent == []


def test_every_answer_says_what_it_means(document):
    silent = [
        (name, status)
        for name, operation in operations(document).items()
        for status, answer in operation["responses"].items()
        if not resolved(answer, document)["description"]
    ]

    assert silent == []


def test_every_body_has_an_example(document):
    bare = [place for place, content in contents(document) if not content.get("examples")]

    assert bare == [], "add one to config/contracts/samples/"


def test_every_example_is_what_its_schema_says(document):
    """Closed: a field that the schema does not know is a mistake of one of the two."""
    schemas = {"components": {"schemas": closed(document["components"]["schemas"])}}
    wrong = [
        (place, name, error.message)
        for place, content in contents(document)
        for name, example in content["examples"].items()
        for error in Draft202012Validator(
            schemas | closed(content["schema"]),
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        ).iter_errors(example["value"])
    ]

    assert wrong == []


def test_whoever_needs_a_token_is_told_when_it_is_missing(document):
    mute = [
        name
        for name, operation in operations(document).items()
        if operation["security"] and "401" not in operation["responses"]
    ]

    assert mute == []


def test_anonymous_operations_are_those_the_documents_leave_open(document):
    """The guide's "Authentication: None", and what the roadmap calls public."""
    open_paths = {
        name
        for name, operation in operations(document).items()
        if not operation["security"] or {} in operation["security"]
    }

    assert {name for name in open_paths if name.startswith("get /api/auction/products")} == {
        name
        for name in operations(document)
        if name.startswith("get /api/auction/products") and not name.endswith("/my-bids/")
    }
    assert {
        name
        for name in open_paths
        if not name.startswith(("get /", "post /api/auth/", "post /api/user"))
    } == {
        "post /api/notifications/bounces/",
        "post /api/notifications/unsubscribe/",
        "post /api/payments/paypal-webhook/",
        "post /api/payments/stripe-webhook/",
        "post /api/reports/appeal/",
    }, "signed"
    assert "get /api/auctions/my-auctions/" not in open_paths
    assert {"post /api/user/login/", "post /api/user/register/"} <= open_paths
    assert "post /api/user/logout/" not in open_paths


def test_every_link_leads_somewhere(document):
    """Each names an operation, and parameters that operation has."""
    by_id = {each["operationId"]: each for each in operations(document).values()}
    wrong = [
        (name, link["operationId"])
        for name, operation in operations(document).items()
        for answer in operation["responses"].values()
        for link in resolved(answer, document).get("links", {}).values()
        if link["operationId"] not in by_id
        or not link.get("parameters", {}).keys()
        <= {
            resolved(each, document)["name"]
            for each in by_id[link["operationId"]].get("parameters", ())
        }
    ]

    assert wrong == []
    assert {each for each in LINKS if each not in by_id} == set()


def test_amounts_are_numbers(document):
    """An amount that goes out is a JSON number, never text."""
    texts = [
        (name, field)
        for name, schema in document["components"]["schemas"].items()
        for field, value in schema.get("properties", {}).items()
        if re.search(r"(amount|price|_bid|bid_amount)$", field)
        and value.get("type") in ("string", ["string", "null"])
    ]

    assert texts == []
