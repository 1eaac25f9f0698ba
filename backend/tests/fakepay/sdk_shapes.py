"""Holds an object against the class that Stripe's own SDK publishes for it.

The SDK's classes are made from Stripe's specification: each names its fields and their types. They
are read as text, because at run time most of the names in them do not exist.
"""

import ast
from functools import cache
from pathlib import Path
from typing import Any

import stripe

FOLDER = Path(stripe.__file__).parent
FILES = {"line_item": "invoice_line_item"}  # whose file is not called as their kind
PLAIN: dict[str, type | tuple[type, ...]] = {
    "int": int,
    "str": str,
    "bool": bool,
    "float": (int, float),
    "Decimal": str,
}


def deviations(thing: Any) -> list[str]:
    """Say where an object and everything in it differ from the SDK: names, types, what is missing.

    The SDK calls a field optional where it may be null or absent; which of both, it does not say.
    """
    kind = thing["object"]
    return list(_compare(thing, _class_of(kind), kind))


@cache
def _class_of(kind: str) -> ast.ClassDef:
    name = FILES.get(kind, kind)
    path = FOLDER.joinpath(*name.split(".")[:-1], f"_{name.rsplit('.', maxsplit=1)[-1]}.py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in tree.body if isinstance(node, ast.ClassDef)][-1]


@cache
def _fields(cls: ast.ClassDef) -> dict[str, ast.expr]:
    return {
        node.target.id: node.annotation
        for node in cls.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and not ast.unparse(node.annotation).startswith("ClassVar")
    }


def _inner(cls: ast.ClassDef, name: str) -> ast.ClassDef | None:
    for node in cls.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node
    return None


def _compare(thing: dict[str, Any], cls: ast.ClassDef, path: str) -> list[str]:
    fields = _fields(cls)
    found = [f"{path}.{name}: unknown" for name in thing if name not in fields]
    for name, annotation in fields.items():
        optional = ast.unparse(annotation).startswith("Optional[")
        if name not in thing or thing[name] is None:
            if not optional:
                found.append(f"{path}.{name}: missing")
            continue
        found += _check(thing[name], annotation, cls, f"{path}.{name}")
    return found


def _check(value: Any, annotation: ast.expr, cls: ast.ClassDef, path: str) -> list[str]:
    if not isinstance(annotation, ast.Subscript):
        return _named(value, ast.unparse(annotation).strip("'\""), cls, path)
    outer, inside = ast.unparse(annotation.value), annotation.slice
    found: list[str] = []
    if outer == "Optional":
        found = _check(value, inside, cls, path)
    elif outer == "Union":
        assert isinstance(inside, ast.Tuple)
        found = min((_check(value, one, cls, path) for one in inside.elts), key=len)
    elif outer == "Literal":
        words = inside.elts if isinstance(inside, ast.Tuple) else [inside]
        right = any(value == ast.literal_eval(word) for word in words)
        found = [] if right else [f"{path}: {value!r} is none of its words"]
    elif outer == "ExpandableField":
        found = [] if isinstance(value, str) else _object(value, path)
    elif not isinstance(value, list if outer == "List" else dict):
        found = [f"{path}: no {outer}"]
    elif outer == "List":
        found = [
            error
            for at, one in enumerate(value)
            for error in _check(one, inside, cls, f"{path}[{at}]")
        ]
    elif outer == "ListObject":
        found = [error for one in dict(value)["data"] for error in _object(one, path)]
    return found


def _named(value: Any, name: str, cls: ast.ClassDef, path: str) -> list[str]:
    if name in PLAIN:
        right = isinstance(value, PLAIN[name]) and (name == "bool") is isinstance(value, bool)
        return [] if right else [f"{path}: {value!r} is no {name}"]
    inner = _inner(cls, name)
    if inner is not None:
        return _compare(value, inner, path) if isinstance(value, dict) else [f"{path}: no object"]
    if isinstance(value, dict) and "object" in value:
        return _object(value, path)
    return [] if isinstance(value, dict) else [f"{path}: {value!r} is no {name}"]


def _object(value: Any, path: str) -> list[str]:
    if not isinstance(value, dict) or "object" not in value:
        return [f"{path}: no object"]
    return [f"{path}>{one}" for one in deviations(value)]
