"""Path -> text of everything that is generated; the same text every time."""

import json
from typing import Any

import yaml

from config.contracts import asyncapi, messages, notices, openapi, pages, vectors

LINE_LENGTH = 100


def contracts() -> dict[str, str]:
    """Return the files, by their path below the project's folder."""
    document = openapi.document()
    return {
        "contracts/openapi.yaml": as_yaml(document),
        "contracts/events.schema.json": as_json(messages.schema(document)),
        "contracts/notifications.schema.json": as_json(notices.schema(document)),
        "contracts/asyncapi.yaml": as_yaml(asyncapi.document(document)),
        "contracts/room-vectors.json": as_json(vectors.vectors()),
        "docs/events.md": pages.events_page(document),
        "docs/refusals.md": pages.refusals_page(),
    }


def as_json(value: Any) -> str:
    """Return JSON for people and programs."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


class _Plain(yaml.SafeDumper):
    """YAML without anchors: a shared value is written wherever it stands."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write no alias."""
        return True


def as_yaml(value: Any) -> str:
    """Return YAML in the order of the value."""
    text: str = yaml.dump(value, Dumper=_Plain, sort_keys=False, width=LINE_LENGTH)
    return text
