"""Schemas whose objects have the properties they name and no others."""

from copy import deepcopy
from typing import Any


def closed(node: Any) -> Any:
    """Return a schema that takes a field it does not know for a mistake of one of the two."""
    node = deepcopy(node)
    pending = [node]
    while pending:
        each = pending.pop()
        if isinstance(each, list):
            pending += each
        elif isinstance(each, dict):
            pending += each.values()
            if isinstance(each.get("properties"), dict):
                each.setdefault("additionalProperties", False)
    return node
