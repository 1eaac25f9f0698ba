"""Cases in staff's words. Amounts go out in major units; no key, address or digest goes out."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from apps.core.fields import (
    CountField,
    IdField,
    ShownAmountField,
    TextField,
    WordField,
)
from apps.core.wire import instant
from apps.risk.case_services import DECISIONS
from apps.risk.evidence import Edge, Evidence, Moment, Node
from apps.risk.models import DepositNeed, RiskCase
from apps.risk.selectors import KINDS, STATES
from apps.risk.words import Part, parts_of
from domain.money import to_number
from domain.risk.links import KeyKind

CAUSES = tuple(DepositNeed.Cause.values)
EDGE_KINDS = ("sells", "bids", *(kind.value for kind in KeyKind))
MOMENTS = (
    "joined", "linked", "unpaid", "bid", "auction_ended", "case_opened", "decided",
)  # fmt: skip
NODE_KINDS, NODE_ROLES = ("account", "auction"), ("suspect", "seller", "linked")


class RiskCaseSerializer(serializers.Serializer[Any]):
    """A case as the queue has it."""

    id = IdField()
    kind = serializers.ChoiceField(KINDS)
    user = serializers.CharField(help_text="Whose conduct it is about")
    user_id = IdField()
    seller = serializers.CharField(allow_null=True)
    seller_id = IdField(allow_null=True)
    auction_id = IdField(allow_null=True)
    score = serializers.FloatField(
        allow_null=True, help_text="The shill score, 0 to 10, drawn to the site's mean; else null"
    )
    summary = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    opened_at = serializers.DateTimeField()
    evidence_at = serializers.DateTimeField(help_text="When the newest of its evidence happened")
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()

    def to_representation(self, instance: RiskCase) -> dict[str, Any]:
        """Return the fields above."""
        return case_body(instance)


def case_body(case: RiskCase) -> dict[str, Any]:
    """Return a case as the queue has it."""
    return {
        "id": case.pk,
        "kind": case.kind,
        "user": case.user.username,
        "user_id": case.user_id,
        "seller": None if case.seller is None else case.seller.username,
        "seller_id": case.seller_id,
        "auction_id": case.auction_id,
        "score": None if case.score is None else round(case.score, 2),
        "summary": summary_of(case),
        "state": case.state,
        "opened_at": instant(case.opened_at),
        "evidence_at": instant(case.evidence_at),
        "decided_by": None if case.decided_by is None else case.decided_by.username,
        "decided_at": instant(case.decided_at),
        "note": case.note,
    }


def summary_of(case: RiskCase) -> str:
    """Return the finding in a sentence: that of its weightiest part."""
    parts = parts_of(case.kind, case.facts)
    return max(parts, key=lambda part: part.points or 0.0).sentence


class RiskPartSerializer(serializers.Serializer[Any]):
    """A part of what was found; the numbers are null but for shill scores."""

    name = serializers.CharField()
    sentence = serializers.CharField()
    weight = CountField(allow_null=True)
    rating = serializers.FloatField(allow_null=True, help_text="0 to 1")
    points = serializers.FloatField(allow_null=True, help_text="Of the ten of the published score")

    def to_representation(self, instance: Part) -> dict[str, Any]:
        """Return the fields above."""
        return {
            "name": instance.name,
            "sentence": instance.sentence,
            "weight": instance.weight,
            "rating": _rounded(instance.rating),
            "points": _rounded(instance.points),
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


class RiskNodeSerializer(serializers.Serializer[Any]):
    """An account or an auction of the graph."""

    id = serializers.CharField(help_text="Its kind and number, such as account:7")
    kind = serializers.ChoiceField(NODE_KINDS)
    name = serializers.CharField()
    role = serializers.ChoiceField(NODE_ROLES, allow_null=True, help_text="Null of auctions")

    def to_representation(self, instance: Node) -> dict[str, Any]:
        """Return the fields above."""
        role = instance.role or None
        return {"id": instance.id, "kind": instance.kind, "name": instance.name, "role": role}


class RiskEdgeSerializer(serializers.Serializer[Any]):
    """What joins two nodes."""

    start = serializers.CharField(help_text="The id of a node")
    end = serializers.CharField(help_text="The id of a node")
    kind = serializers.ChoiceField(EDGE_KINDS)
    hard = serializers.BooleanField(help_text="Whether strangers do not share it by accident")
    text = serializers.CharField()
    count = CountField(allow_null=True, help_text="Of bids; else null")

    def to_representation(self, instance: Edge) -> dict[str, Any]:
        """Return the fields above."""
        return {
            "start": instance.start,
            "end": instance.end,
            "kind": instance.kind,
            "hard": instance.hard,
            "text": instance.text,
            "count": instance.count,
        }


class RiskGraphSerializer(serializers.Serializer[Any]):
    """The accounts around the case, their auctions, what joins them."""

    nodes = RiskNodeSerializer(many=True)
    edges = RiskEdgeSerializer(many=True)


class RiskMomentSerializer(serializers.Serializer[Any]):
    """A moment of the time line."""

    at = serializers.DateTimeField()
    what = serializers.ChoiceField(MOMENTS)
    text = serializers.CharField()
    user = serializers.CharField(allow_null=True)
    auction_id = IdField(allow_null=True)
    amount = ShownAmountField(allow_null=True)
    currency = serializers.CharField(allow_null=True, help_text="ISO 4217")

    def to_representation(self, instance: Moment) -> dict[str, Any]:
        """Return the fields above."""
        amount, currency = instance.amount_minor, instance.currency
        shown = None if amount is None or currency is None else to_number(amount, currency)
        return {
            "at": instant(instance.at),
            "what": instance.what,
            "text": instance.text,
            "user": instance.user,
            "auction_id": instance.auction_id,
            "amount": shown,
            "currency": currency,
        }


class RiskCaseDetailSerializer(RiskCaseSerializer):
    """A case with its parts explained and its evidence."""

    published_score = serializers.FloatField(
        allow_null=True, help_text="The shill score as published, before it is evened out"
    )
    parts = RiskPartSerializer(many=True)
    graph = RiskGraphSerializer()
    timeline = RiskMomentSerializer(many=True, help_text="The oldest first")

    def to_representation(self, instance: RiskCase) -> dict[str, Any]:
        """Return the fields above; the evidence comes with the context."""
        evidence: Evidence = self.context["evidence"]
        facts: Mapping[str, Any] = instance.facts
        return case_body(instance) | {
            "published_score": _rounded(facts.get("published_score")),
            "parts": RiskPartSerializer(parts_of(instance.kind, facts), many=True).data,
            "graph": {
                "nodes": RiskNodeSerializer(evidence.nodes, many=True).data,
                "edges": RiskEdgeSerializer(evidence.edges, many=True).data,
            },
            "timeline": RiskMomentSerializer(evidence.moments, many=True).data,
        }


class DecideCaseSerializer(serializers.Serializer[Any]):
    """What staff decide."""

    decision = WordField(tuple(DECISIONS))
    note = TextField(max_length=2000, allow_blank=True, default="")


class DepositSerializer(serializers.Serializer[Any]):
    """An account that may not bid without a deposit."""

    user = serializers.CharField()
    user_id = IdField()
    cause = serializers.ChoiceField(CAUSES)
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True, help_text="Null: until staff lift it")
    reason = serializers.CharField()

    def to_representation(self, instance: DepositNeed) -> dict[str, Any]:
        """Return the fields above."""
        return {
            "user": instance.user.username,
            "user_id": instance.user_id,
            "cause": instance.cause,
            "since": instant(instance.since_at),
            "until": instant(instance.until_at),
            "reason": instance.reason,
        }


class RequireDepositSerializer(serializers.Serializer[Any]):
    """Why."""

    reason = TextField(max_length=500)
