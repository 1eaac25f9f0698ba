"""What schemathesis cannot know from the document; loaded by tests/fuzz/schemathesis.toml."""

from io import BytesIO
from typing import Any

import schemathesis
from jsonschema_rs import Draft202012Validator
from PIL import Image

from tests.fuzz.closing import closed

UPLOADS = ("/upload-images/", "/images/", "/users/avatar/")


def _picture() -> bytes:
    content = BytesIO()
    Image.new("RGB", (32, 24), "teal").save(content, "PNG")
    return content.getvalue()


PICTURE = _picture()


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    """Send a picture in place of every second file; write numbers without an exponent."""
    if context.operation.path.endswith(UPLOADS) and isinstance(body, dict):
        return {name: _with_pictures(value) for name, value in body.items()}
    return _plain(body)


@schemathesis.hook
def map_query(context: Any, query: Any) -> Any:
    """Write numbers without an exponent."""
    return _plain(query)


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:
    """Leave out what is written as an empty parameter: forms send those, they count as not sent."""
    return not any(_is_written_empty(value) for value in (case.query or {}).values())


def _is_written_empty(value: Any) -> bool:
    """Whether the last word of a parameter, the one that counts, is blank."""
    if isinstance(value, dict):  # written by its values, or by its keys
        return not value or any(map(_is_written_empty, (*value.values(), list(value)[-1])))
    if isinstance(value, list | tuple):
        return not value or _is_written_empty(value[-1])
    return value is None or not str(value).strip(", ")


def _with_pictures(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_pictures(each) for each in value]
    return PICTURE if isinstance(value, bytes) and len(value) % 2 == 0 else value


def _plain(value: Any) -> Any:
    """JSON Schema cannot say that 1e-7 is refused where 0.0000001 is not."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, float) and "e" in repr(value):
        return 0.25 if abs(value) < 1 else int(value)
    return value


#: (method, path, status) -> what checks its body; one process looks at one document.
_validators: dict[tuple[str, str, int], Any] = {}


@schemathesis.check
def no_undocumented_fields(ctx: Any, response: Any, case: Any) -> None:
    """An answer has no field that the document does not name."""
    operation = case.operation
    if case.method.lower() != operation.method:  # a probe with another one
        return
    if not any(kind.startswith("application/json") for kind in _kinds_of(response)):
        return  # a file, a table
    key = (operation.method, operation.path, response.status_code)
    if key not in _validators:
        _validators[key] = _validator(operation.schema.raw_schema, *key)
    if _validators[key] is None or not response.content:
        return
    found = [
        f"{'/'.join(map(str, error.instance_path))}: {error.message}"
        for error in _validators[key].iter_errors(response.json())
    ]
    assert not found, found


def _kinds_of(response: Any) -> list[str]:
    found: list[str] = response.headers.get("content-type", [])
    return found


def _validator(document: Any, method: str, path: str, status: int) -> Any:
    answer = document["paths"][path][method]["responses"].get(str(status), {})
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    shape = answer.get("content", {}).get("application/json", {}).get("schema")
    if shape is None:
        return None
    components = {"schemas": closed(document["components"]["schemas"])}
    return Draft202012Validator({"components": components, **closed(shape)})
