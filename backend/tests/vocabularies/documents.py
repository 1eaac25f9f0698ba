"""The plain lists in docs/: what each document says, one row per promise, read by the tests."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

DOCS = Path(__file__).parents[3] / "docs"
ANY = "*"

#: The guide's product object: keys in its order, and what each may hold.
PRODUCT: dict[str, tuple[type, ...]] = {
    "id": (int,),
    "user_id": (int,),
    "title": (str,),
    "description": (str,),
    "starting_price": (int, float),
    "start_date": (str,),
    "end_date": (str,),
    "sold": (bool,),
    "is_listed": (bool,),
    "highest_bid_id": (int, type(None)),
    "created_at": (str,),
    "category_new_used": (str,),
    "images": (list,),
    "highest_bid_amount": (int, float, type(None)),
}
NAIVE_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?")


class Row(NamedTuple):
    """One promise of a document."""

    section: str
    endpoint: str
    says: tuple[str, ...]


def rows_of(page: str, heading: str) -> list[Row]:
    """Return the rows of the table below a heading of a page in docs/."""
    text = (DOCS / page).read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]
    return [Row(cell[0], cell[1], tuple(cell[2:])) for cell in cells]


def check_answer(said: str, body: Any) -> None:
    """Compare a JSON body with an answer as the page says it: keys, their order, values."""
    if said == "product object":
        check_product(body)
    elif said.startswith("array of "):
        assert isinstance(body, list)
        assert body, "an empty array shows nothing"
        for row in body:
            check_answer(said.removeprefix("array of ").replace("objects", "object"), row)
    else:
        # A key without a value stands for any value: {"access"} is {"access": "*"}.
        text = re.sub(r'(?<=[{,])\s*("\w+")(?=\s*[,}])', rf'\1: "{ANY}"', said.strip("`"))
        check_shape(json.loads(text), body)


def check_shape(expected: Any, body: Any) -> None:
    """Compare key by key, in order."""
    if isinstance(expected, dict):
        assert list(body) == list(expected)
        for key, value in expected.items():
            check_shape(value, body[key])
    elif expected != ANY:
        assert body == expected


def check_product(body: Any) -> None:
    """Check the product object: keys in order, types, naive UTC."""
    assert list(body) == list(PRODUCT)
    for key, types in PRODUCT.items():
        assert type(body[key]) in types, (key, body[key])
    for key in ("start_date", "end_date", "created_at"):
        assert NAIVE_UTC.fullmatch(body[key]), (key, body[key])
    assert body["category_new_used"] in ("new", "used")
    for image in body["images"]:
        assert list(image) == ["id", "image"]
        assert image["image"].startswith("product_images/")
