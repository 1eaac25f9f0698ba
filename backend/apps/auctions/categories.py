"""Reads of the tree of categories. Each loads the tree, which is small, in one query."""

from collections import defaultdict
from typing import NamedTuple

from django.db.models import Count, Q

from apps.auctions.models import Auction, Category
from domain.auction import Status


class CategoryNode(NamedTuple):
    """A category at its place in the tree; `active_count` includes its descendants."""

    id: int
    name: str
    slug: str
    parent_id: int | None
    depth: int
    active_count: int


def category_tree() -> list[CategoryNode]:
    """Return every category, each followed by its descendants, siblings by name."""
    active = Auction.objects.filter(status=Status.ACTIVE, category__isnull=False).order_by()
    return category_nodes(dict(active.values_list("category_id").annotate(Count("pk"))))


def category_nodes(own: dict[int, int]) -> list[CategoryNode]:
    """Return the tree with counts of one's own: what each category itself holds, by id."""
    children: dict[int | None, list[Category]] = defaultdict(list)
    for category in Category.objects.all():
        children[category.parent_id].append(category)
    nodes: list[CategoryNode] = []
    _grow(nodes, children, own, parent_id=None, depth=0)
    return nodes


def _grow(
    nodes: list[CategoryNode],
    children: dict[int | None, list[Category]],
    own: dict[int, int],
    *,
    parent_id: int | None,
    depth: int,
) -> int:
    """Append the subtrees below a parent; returns how many active listings they hold."""
    total = 0
    for category in children.get(parent_id, ()):
        place = len(nodes)
        node = CategoryNode(category.pk, category.name, category.slug, parent_id, depth, 0)
        nodes.append(node)
        below = _grow(nodes, children, own, parent_id=category.pk, depth=depth + 1)
        nodes[place] = node._replace(active_count=below + own.get(category.pk, 0))
        total += nodes[place].active_count
    return total


def category_id_of(value: int | str) -> int | None:
    """Return the id of a category given by id or slug, None for an unknown one."""
    where = Q(pk=value) if isinstance(value, int) else Q(slug=value)
    return Category.objects.filter(where).values_list("pk", flat=True).first()


def category_ids_below(category_id: int) -> set[int]:
    """Return a category and all its descendants."""
    children: dict[int | None, list[int]] = defaultdict(list)
    for pk, parent_id in Category.objects.order_by().values_list("pk", "parent_id"):
        children[parent_id].append(pk)
    found, waiting = set(), [category_id]
    while waiting:
        pk = waiting.pop()
        found.add(pk)
        waiting.extend(children.pop(pk, ()))
    return found


def increment_table_of(category_id: int | None) -> str:
    """Return the table of the category or its nearest ancestor that has one, else ""."""
    parents = {
        pk: (parent_id, table)
        for pk, parent_id, table in Category.objects.order_by().values_list(
            "pk", "parent_id", "increment_table"
        )
    }
    while category_id in parents:
        category_id, table = parents.pop(category_id)  # popped: a loop in the tree ends here
        if table:
            return str(table)
    return ""
